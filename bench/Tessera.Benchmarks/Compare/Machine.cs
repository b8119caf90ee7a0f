using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Tessera.Benchmarks.Compare;

/// <summary>The machine that figures belong to.</summary>
internal static partial class Machine
{
    /// <summary>The processor's name; with its family and model where the name alone fits whole generations.</summary>
    public static string Processor { get; } = ReadProcessor();

    /// <summary>The processor's name as part of a file name.</summary>
    public static string FileName => NotForFiles().Replace(Processor.ToLowerInvariant(), "-").Trim('-');

    public static string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor}, {Environment.ProcessorCount} logical processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB, {RuntimeInformation.OSDescription}");

    private static string ReadProcessor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        if (!File.Exists(CpuInfo))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.OSArchitecture} processor";
        Dictionary<string, string> fields = File.ReadLines(CpuInfo)
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        string name = fields.GetValueOrDefault("model name", $"{RuntimeInformation.OSArchitecture} processor");
        // Virtual machines often say "AMD EPYC" or the like; a name with a number in it is specific enough.
        return !name.Any(char.IsDigit) && fields.TryGetValue("cpu family", out string? family) && fields.TryGetValue("model", out string? model)
            ? $"{name} family {family} model {model}"
            : name;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotForFiles();
}
