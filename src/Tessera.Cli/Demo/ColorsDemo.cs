using System.Diagnostics;
using Tessera.Cli.Colors;
using Tessera.Cli.Rendering;
using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Queries;

namespace Tessera.Cli.Demo;

/// <summary>Search by colour in a few lines, on images that are generated, so that it needs no library that reads image files.</summary>
/// <param name="Images">Generated images.</param>
/// <param name="Queries">What was asked for, and the images that came first.</param>
/// <param name="BytesPerImage">Bytes of an image's code in the index.</param>
/// <param name="Seconds">What all of it took.</param>
internal sealed record ColorsDemo(int Images, IReadOnlyList<ColorsDemoQuery> Queries, double BytesPerImage, double Seconds)
{
    private static readonly string[] Asked = ["teal:0.5,orange:0.5", "red:5%,*", "white:0.6,black:0.2,*"];

    public static ColorsDemo Make(ulong seed, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        PlantedCollection planted = PlantedCollection.Generate(100, 3, seed);
        using ColorCollection collection = planted.ToCollection();
        collection.BuildIndex(null, null, cancellationToken);
        ColorsDemoQuery[] queries = [.. Asked.Select(text => Ask(collection, text, cancellationToken))];
        return new ColorsDemo(collection.Count, queries, collection.Describe().CodeBytes, Figures.Significant(Stopwatch.GetElapsedTime(start).TotalSeconds, 4));
    }

    private static ColorsDemoQuery Ask(ColorCollection collection, string text, CancellationToken cancellationToken)
    {
        ColorSearchResult found = collection.Search(ColorQuery.Parse(text), new ColorSearchOptions { K = 3 }, cancellationToken);
        return new ColorsDemoQuery(
            text, [.. found.Hits.Select(hit => new ColorsDemoAnswer(Figures.Significant(hit.Similarity, 3), Swatch.Of(hit.Image.Palette)))], Figures.Significant(found.Timings.Total, 3));
    }
}
