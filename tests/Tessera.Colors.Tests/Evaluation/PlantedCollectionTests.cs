using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Queries;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Tests.Evaluation;

/// <summary>The quality of answers, on images whose colours are known.</summary>
public sealed class PlantedCollectionTests
{
    private static readonly PlantedCollection Planted = PlantedCollection.Generate();
    private static readonly ColorCollection Collection = Planted.ToCollection();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Asked_for_a_palette_the_first_ten_are_painted_from_it(int colors)
    {
        int[] palettes = [.. Enumerable.Range(0, Planted.Palettes.Count).Where(palette => Planted.Palettes[palette].Count == colors)];

        double right = palettes.Average(palette => Top(Planted.QueryFor(palette)).Count(image => image.Palette == palette) / 10.0);

        Assert.InRange(right, 0.95, 1);
    }

    [Theory]
    [InlineData("white")]
    [InlineData("black")]
    [InlineData("gray")]
    [InlineData("silver")]
    [InlineData("dimgray")]
    public void Greys_are_found_like_other_colours(string grey)
    {
        LabColor color = ColorQuery.Parse(grey).Terms[0].Color;

        Assert.All(Top(ColorQuery.Parse(grey)), image => Assert.InRange(Assert.Single(image.Parts).Color.DistanceTo(color), 0, 6));
    }

    [Fact]
    public void Accents_of_a_twentieth_are_found_when_asked_for()
    {
        int[] accented = [.. Enumerable.Range(0, Planted.Palettes.Count).Where(palette => Planted.Palettes[palette][0].Share == PlantedCollection.Accent)];
        Assert.InRange(accented.Length, 20, 100);

        double right = accented.Average(palette =>
        {
            LabColor accent = Planted.Palettes[palette][0].Color;
            var found = Top(ColorQuery.Of([new ColorTerm(accent, PlantedCollection.Accent)]));
            return found.Count(image => image.Parts.Any(part => part.Share >= 0.04f && part.Color.DistanceTo(accent) < 6)) / 10.0;
        });

        Assert.InRange(right, 0.95, 1);
    }

    [Fact]
    public void More_weight_never_lowers_the_share_of_a_colour_in_the_first_ten()
    {
        var falls = new List<string>();
        foreach (string colors in (string[])["red", "white", "black", "gray", "teal", "gold", "navy"])
        {
            LabColor color = ColorQuery.Parse(colors).Terms[0].Color;
            double last = 0;
            foreach (float weight in (float[])[0.05f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1])
            {
                double share = Top(ColorQuery.Of([new ColorTerm(color, weight)])).Average(image => image.Parts.Where(part => part.Color.DistanceTo(color) < 6).Sum(part => part.Share));
                if (share < last - 1e-3)
                    falls.Add($"{colors}:{weight} {last:0.000} -> {share:0.000}");
                last = share;
            }
        }

        Assert.Empty(falls);
    }

    [Fact]
    public void Through_the_index_nine_of_ten_answers_are_those_of_measuring_all_images()
    {
        using ColorCollection collection = Planted.ToCollection();
        collection.BuildIndex(cancellationToken: TestContext.Current.CancellationToken);
        int same = 0, all = 0;
        for (int palette = 0; palette < Planted.Palettes.Count; palette += 3)
        {
            ColorQuery query = Planted.QueryFor(palette);
            var exact = collection.Search(query, new ColorSearchOptions { K = 10 });
            var indexed = collection.Search(query, new ColorSearchOptions { K = 10, ExhaustiveUpTo = 0 });

            Assert.True(exact.IsExhaustive);
            Assert.False(indexed.IsExhaustive);
            Assert.InRange(indexed.Candidates, 10, Planted.Images.Count - 1);
            same += indexed.Hits.Count(hit => hit.Distance <= exact.Hits[^1].Distance + 1e-6);
            all += 10;
        }

        Assert.InRange((double)same / all, 0.95, 1);
    }

    private PlantedImage[] Top(ColorQuery query) =>
        [.. Collection.Search(query, new ColorSearchOptions { K = 10 }).Hits.Select(hit => Planted.Images[(int)hit.Image.Id - 1])];
}
