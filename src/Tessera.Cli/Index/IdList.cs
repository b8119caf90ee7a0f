using System.CommandLine;
using System.Globalization;
using Tessera.Cli.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary>A file of ids: text with an id on each line, or <c>.ivecs</c> as <c>index search --out</c> writes.</summary>
internal static class IdList
{
    public static Option<string> Option(string name, string description) => new(name) { Description = description + " A text file with an id on each line, or .ivecs.", HelpName = "FILE" };

    public static long[] Read(string path)
    {
        if (!File.Exists(path))
            throw new FailureException($"{path}: no such file; check the path.");
        // A place that no neighbour filled is -1.
        if (path.EndsWith(".ivecs", StringComparison.OrdinalIgnoreCase))
            return [.. IdFile.Read(path).Ids.Where(id => id >= 0).Select(id => (long)id)];
        var ids = new List<long>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (!long.TryParse(line.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long id))
                throw new FailureException($"{path}: line {number} is '{line.Trim()}'; give one id, a whole number of 0 or more, on each line.");
            ids.Add(id);
        }

        return [.. ids];
    }
}
