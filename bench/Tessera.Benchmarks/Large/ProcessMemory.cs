using System.Globalization;

namespace Tessera.Benchmarks.Large;

/// <summary>What Linux says of this process and its machine.</summary>
internal static class ProcessMemory
{
    /// <summary>The most memory that was ever resident, pages of mapped files included, in bytes.</summary>
    public static long Peak => Status("VmHWM");

    /// <summary>Memory of the process's own that is resident: without pages of files, which the system can take back.</summary>
    public static long Anonymous => Status("RssAnon");

    /// <summary>Pages of mapped files that are resident.</summary>
    public static long OfFiles => Status("RssFile");

    /// <summary>Bytes that came from the disk and not from the page cache.</summary>
    public static long ReadFromDisk => long.Parse(Field("/proc/self/io", "read_bytes"), CultureInfo.InvariantCulture);

    /// <summary>The machine's load averages.</summary>
    public static string[] Load => File.ReadAllText("/proc/loadavg").Split(' ')[..3];

    private static long Status(string name) => long.Parse(Field("/proc/self/status", name).Split(' ')[0], CultureInfo.InvariantCulture) * 1024;

    private static string Field(string file, string name) => File.ReadLines(file)
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .FirstOrDefault(pair => pair[0] == name)?[1] ?? throw new InvalidDataException($"{file} has no {name}; this benchmark needs Linux.");
}
