using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tessera.Benchmarks.Large;

/// <summary>Linux's cache of files.</summary>
internal static partial class PageCache
{
    private const int DoNotNeed = 4;

    /// <summary>Drops a file from the cache: everything that is on the disk already and that nobody has mapped.</summary>
    public static void Drop(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        int error = Advise(file, 0, 0, DoNotNeed);
        if (error != 0)
            throw new IOException($"{path}: posix_fadvise gave error {error}.");
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
