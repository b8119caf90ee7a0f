using System.Runtime.InteropServices;

namespace Tessera.Storage;

/// <summary>What the C library of Unix systems lets one say about mapped memory, which .NET does not. Only advice: ignored where there is no such thing.</summary>
internal static unsafe partial class MemoryAdvice
{
    private const int RandomReads = 1;
    private const int WillNeed = 3;

    /// <summary>The bytes are read here and there.</summary>
    public static void Random(byte* start, long length) => Give(start, length, RandomReads);

    /// <summary>The bytes will soon be read.</summary>
    public static void Fetch(byte* start, long length) => Give(start, length, WillNeed);

    private static void Give(byte* start, long length, int advice)
    {
        if (OperatingSystem.IsWindows() || length == 0)
            return;
        // Advice is for whole pages.
        nint before = (nint)start % Environment.SystemPageSize;
        try
        {
            _ = Advise((nint)start - before, (nuint)(length + before), advice);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // All works without it.
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
