namespace Tessera.CodeMap.Tests;

/// <summary>Made-up code about a few things that have no words in common.</summary>
internal static class Topics
{
    public static readonly string[][] Words =
    [
        ["Invoice", "Payment", "Customer", "Currency", "Refund", "Ledger"],
        ["Sensor", "Voltage", "Thermometer", "Sampling", "Calibrate", "Firmware"],
        ["Glyph", "Font", "Kerning", "Paragraph", "Typeset", "Hyphen"],
        ["Orbit", "Planet", "Telescope", "Eclipse", "Comet", "Gravity"],
    ];

    /// <summary>A folder with so many files of each topic, each a class with a few methods.</summary>
    public static SourceFolder Folder(int filesOfEach, Func<IEnumerable<(string, string)>, IEnumerable<(string, string)>>? reorder = null)
    {
        IEnumerable<(string, string)> files = Enumerable.Range(0, Words.Length)
            .SelectMany(topic => Enumerable.Range(0, filesOfEach).Select(number => File(topic, number)));
        return new SourceFolder([.. reorder is null ? files : reorder(files)]);
    }

    private static (string Path, string Text) File(int topic, int number)
    {
        var random = new Random(1000 * topic + number);
        string Word() => Words[topic][random.Next(Words[topic].Length)];
        string type = $"{Word()}{Word()}{(char)('A' + number)}";
        var methods = Enumerable.Range(0, 4).Select(method => $$"""
                /// <summary>Handles the {{Word()}} of a {{Word()}}.</summary>
                public int {{Word()}}{{Word()}}{{method}}(int {{Word().ToLowerInvariant()}})
                {
                    var {{Word().ToLowerInvariant()}}{{Word()}} = {{Word()}}.Make{{Word()}}();
                    return {{Word().ToLowerInvariant()}}{{method}};
                }
            """);
        return ($"{Words[topic][0]}s/{type}.cs", $$"""
            namespace Sample.{{Words[topic][0]}}s;

            /// <summary>A {{Word()}} for one {{Word()}}.</summary>
            public class {{type}}
            {
            {{string.Join("\n\n", methods)}}
            }
            """);
    }
}
