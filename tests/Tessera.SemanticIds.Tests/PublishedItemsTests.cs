using Tessera.SemanticIds.Quality;
using Tessera.SemanticIds.Texts;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests;

/// <summary>The items for which MiniOneRec published ids: ours are to collide less and use more of the codes.</summary>
public sealed class PublishedItemsTests
{
    [Fact]
    public void Balanced_ids_collide_less_than_the_published_ones_and_use_more_codes()
    {
        string? data = Environment.GetEnvironmentVariable("TESSERA_DATA");
        string path = Path.Combine(data ?? "", "items", "items.json");
        Assert.SkipWhen(data is null || !File.Exists(path), "TESSERA_DATA does not name a folder with items/items.json.");
        IReadOnlyList<ItemText> items = ItemTextFile.Read(path);
        Matrix vectors = ItemTextEmbedder.Fit(256, items).Embed(items);
        var encoder = new RQKMeans(new RQKMeansOptions { Levels = 3, Clusters = [256], Implementation = RQKMeansImplementation.Constrained, Iterations = 5 });
        encoder.Fit(vectors);
        SemanticIdQuality quality = SemanticIdQuality.Measure(encoder, vectors, new QualityOptions { Queries = 10 }, nextBest: 255);
        Assert.True(quality.CollisionRate < 0.0043, $"{quality.CollisionRate}");
        double[] published = [41, 242, 226];
        Assert.All(quality.Levels.Zip(published), pair => Assert.True(pair.First.Perplexity >= pair.Second, $"{pair.First.Perplexity} below {pair.Second}"));
    }
}
