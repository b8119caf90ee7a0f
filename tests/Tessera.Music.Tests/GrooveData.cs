namespace Tessera.Music.Tests;

/// <summary>The Groove MIDI Dataset in the folder that TESSERA_DATA names; tests that want it skip without.</summary>
internal static class GrooveData
{
    public static string[] Files()
    {
        string? data = Environment.GetEnvironmentVariable("TESSERA_DATA");
        Assert.SkipUnless(data is not null && Directory.Exists(Path.Combine(data, "groove")), "TESSERA_DATA names no folder with groove/ in it (the Groove MIDI Dataset).");
        return [.. Directory.EnumerateFiles(Path.Combine(data, "groove"), "*.mid", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }
}
