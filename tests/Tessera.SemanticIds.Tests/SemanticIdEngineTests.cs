using Tessera.SemanticIds.Uniqueness;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests;

public sealed class SemanticIdEngineTests : IDisposable
{
    private static readonly Matrix Vectors = TestData.Clustered(500, 8, 1);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Items_keep_their_ids_when_they_come_again_in_any_order()
    {
        SemanticIdEngine engine = Fitted();
        string[] items = [.. Enumerable.Range(0, 500).Select(item => $"item {item}")];
        string[] ids = engine.UniqueIds(Vectors, items);
        Assert.Equal(500, ids.Distinct().Count());
        int[] reversed = [.. Enumerable.Range(0, 500).Reverse()];
        Assert.Equal(ids.Reverse(), engine.UniqueIds(Vectors.Select(reversed), [.. items.Reverse()]));
        // Even with another vector.
        Assert.Equal([ids[3]], engine.UniqueIds(Vectors.Slice(400, 1), ["item 3"]));
    }

    [Fact]
    public void Equal_vectors_without_names_are_told_apart_and_named_alike_again()
    {
        SemanticIdEngine engine = Fitted();
        Matrix same = Vectors.Select([7, 7, 7]);
        string[] ids = engine.UniqueIds(same);
        Assert.Equal([ids[0], ids[0] + "-1", ids[0] + "-2"], ids);
        Assert.Equal(ids, engine.UniqueIds(same));
    }

    [Fact]
    public void The_next_best_free_code_goes_before_a_suffix()
    {
        SemanticIdEngine engine = Fitted(nextBest: 3);
        Matrix same = Vectors.Select([7, 7, 7, 7, 7, 7]);
        string[] ids = engine.UniqueIds(same);
        SemanticCodes codes = engine.Encoder.Encode(same);
        string[] expected = SemanticIdFormat.Plain.Write(engine.Encoder.NextBest(same[0], codes[0], 3));
        string bare = SemanticIdFormat.Plain.Write(codes[0]);
        Assert.Equal([bare, .. expected, bare + "-1", bare + "-2"], ids);
    }

    [Fact]
    public void Other_formats_are_made_unique_too()
    {
        var encoder = new RQKMeans(2, 4);
        var engine = new SemanticIdEngine(encoder, format: SemanticIdFormat.Tokens);
        engine.Fit(Vectors);
        string[] ids = engine.UniqueIds(Vectors.Select([7, 7]));
        Assert.Matches("^<a_\\d><b_\\d>$", ids[0]);
        Assert.Equal(ids[0] + "-1", ids[1]);
    }

    [Fact]
    public void An_engine_comes_back_with_its_ids()
    {
        SemanticIdEngine engine = Fitted();
        string[] ids = engine.UniqueIds(Vectors);
        engine.Save(_folder["engine"]);
        SemanticIdEngine loaded = SemanticIdEngine.Load(_folder["engine"]);
        Assert.Equal(ids, loaded.UniqueIds(Vectors));
        Assert.Equal(500, loaded.Resolver.Store.Count);
        using var other = new InMemoryCollisionStore();
        Assert.Same(other, SemanticIdEngine.Load(_folder["engine"], other).Resolver.Store);
    }

    [Fact]
    public void What_is_missing_or_damaged_is_named()
    {
        Assert.Throws<FileNotFoundException>(() => SemanticIdEngine.Load(_folder["engine"]));
        Fitted().Save(_folder["engine"]);
        File.WriteAllText(Path.Combine(_folder["engine"], "resolver", "ids.json"), "{}");
        Assert.Throws<TesseraFormatException>(() => SemanticIdEngine.Load(_folder["engine"]));
        File.Delete(Path.Combine(_folder["engine"], "resolver", "ids.json"));
        Assert.Contains("ids", Assert.Throws<FileNotFoundException>(() => SemanticIdEngine.Load(_folder["engine"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_items_as_vectors_are_needed()
    {
        Assert.Throws<ArgumentException>(() => Fitted().UniqueIds(Vectors, ["one"]));
        Assert.Throws<ArgumentException>(() => new UniqueIdResolver().Resolve(["1-1"], [""]));
        Assert.Throws<ArgumentException>(() => new UniqueIdResolver().Resolve("1-1", "\ud83e"));
    }

    public void Dispose() => _folder.Dispose();

    private static SemanticIdEngine Fitted(int nextBest = 0)
    {
        var engine = new SemanticIdEngine(new RQKMeans(2, 8), nextBest: nextBest);
        engine.Fit(Vectors);
        return engine;
    }
}
