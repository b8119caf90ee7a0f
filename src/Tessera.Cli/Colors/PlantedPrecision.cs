using Tessera.Cli.Rendering;
using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Queries;
using Tessera.Colors.Spaces;

namespace Tessera.Cli.Colors;

/// <summary>How many of the first ten answers are right, on generated images whose colours are known.</summary>
internal static class PlantedPrecision
{
    private const int First = 10;

    public static IReadOnlyList<PrecisionRow> Measure(PlantedCollection planted, ColorCollection collection, ColorSearchOptions options, CancellationToken cancellationToken)
    {
        options = options with { K = First };
        var rows = new List<PrecisionRow>();
        foreach (var group in Enumerable.Range(0, planted.Palettes.Count).GroupBy(palette => planted.Palettes[palette].Count).OrderBy(group => group.Key))
        {
            double right = group.Average(palette => Top(planted.QueryFor(palette)).Count(image => image.Palette == palette) / (double)First);
            rows.Add(new PrecisionRow($"palettes of {group.Key}", group.Count(), Figures.Significant(right, 4)));
        }

        int[] greys = [.. Enumerable.Range(0, planted.Palettes.Count).Where(palette => planted.Palettes[palette].Count == 1 && planted.Palettes[palette][0].Color.Chroma < 3)];
        if (greys.Length > 0)
            rows.Add(new PrecisionRow("white, black, greys", greys.Length, Figures.Significant(greys.Average(palette => Top(planted.QueryFor(palette)).Count(image => image.Palette == palette) / (double)First), 4)));
        LabColor[] accents = [.. planted.Palettes.Where(palette => palette[0].Share == PlantedCollection.Accent).Select(palette => palette[0].Color)];
        if (accents.Length > 0)
        {
            double right = accents.Average(accent => Top(ColorQuery.Of([new ColorTerm(accent, PlantedCollection.Accent)])).Count(image => image.Parts.Any(part => part.Share >= 0.04f && part.Color.DistanceTo(accent) < 6)) / (double)First);
            rows.Add(new PrecisionRow("accents of 5%, *", accents.Length, Figures.Significant(right, 4)));
        }

        return rows;

        IEnumerable<PlantedImage> Top(ColorQuery query) => collection.Search(query, options, cancellationToken).Hits.Select(hit => planted.Images[(int)hit.Image.Id - 1]);
    }
}
