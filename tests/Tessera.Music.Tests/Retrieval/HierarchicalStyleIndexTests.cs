using System.Diagnostics;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Storage;

namespace Tessera.Music.Tests.Retrieval;

public sealed class HierarchicalStyleIndexTests
{
    private static readonly string[] Query = ["STYLE=pop", "TEMPO=120", "CHORD=C"];

    [Fact]
    public void A_childs_score_is_its_similarity_times_one_plus_the_bias_times_its_weight()
    {
        using var index = new HierarchicalStyleIndex(new StyleIndexOptions { Embedder = new AngleEmbedder() });
        index.BuildParentIndex("pop", [Pattern("0.9"), Pattern("0.5"), Pattern("0.7")]);
        index.RegisterChildPatterns("pop", "dance_pop", [Pattern("0.4"), Pattern("0.2")]);
        index.RegisterChildPatterns("pop", "pop_rock", [Pattern("0.99")], 3);

        IReadOnlyList<ScoredPattern> found = index.RetrieveSimilarPatterns(["1"], "pop", "dance_pop", 0.3f, 4);

        // 0.4 * 1.3 * 1.5 = 0.78, 0.2 * 1.3 * 1.5 = 0.39: between and behind the parent's own.
        Assert.Equal(["0.9", "0.4", "0.7", "0.5"], found.Select(pattern => pattern.Pattern.Tokens[0]));
        Assert.Equal([0.9, 0.78, 0.7, 0.5], found.Select(pattern => (double)pattern.Score), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.9, 0.4, 0.7, 0.5], found.Select(pattern => (double)pattern.Similarity), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1f, 1.5f, 1f, 1f], found.Select(pattern => pattern.Pattern.Weight));
        // A weight of its own: 0.99 * 2 * 3.
        Assert.Equal(5.94, index.RetrieveSimilarPatterns(["1"], "pop", "pop_rock", 1, 1)[0].Score, 1e-5);
    }

    [Fact]
    public void Without_a_bias_only_the_parents_own_are_found()
    {
        using PackFolder folder = PackFolder.OfTheReference();
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.BuildHierarchicalIndices(folder.Folder).Index;

        Assert.All(index.RetrieveSimilarPatterns(Query, "pop", "dance_pop", 0, 10), found => Assert.Null(found.Pattern.ChildGenre));
        Assert.Equal(3, index.RetrieveSimilarPatterns(Query, "pop", null, 0.5f, 10).Count);
        Assert.Contains(index.RetrieveSimilarPatterns(Query, "pop", "dance_pop", 0.3f, 10), found => found.Pattern.ChildGenre == "dance_pop");
    }

    [Fact]
    public void The_embedding_of_the_reference_is_as_computed_by_hand()
    {
        var embedder = new ReferenceEmbedder(64);
        var vector = new float[64];
        Assert.NotEqual(embedder.PlaceOf("BAR"), embedder.PlaceOf("POS=1"));

        embedder.Embed(["BAR", "POS=1", "BAR"], vector);

        // BAR: (1 / 1 + 1) / 1.2; POS=1: 1 / 1.1; then scaled to length 1.
        double bar = 2 / 1.2, position = 1 / 1.1, length = Math.Sqrt(bar * bar + position * position);
        Assert.Equal(bar / length, vector[embedder.PlaceOf("BAR")], 1e-6);
        Assert.Equal(position / length, vector[embedder.PlaceOf("POS=1")], 1e-6);
    }

    [Fact]
    public void Places_of_tokens_are_the_same_in_every_process()
    {
        // Written down once: a hash that changed would make saved indexes worthless.
        var embedder = new ReferenceEmbedder(512);

        Assert.Equal([491, 91], [embedder.PlaceOf("BAR"), embedder.PlaceOf("STYLE=pop")]);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("profile")]
    public void A_saved_index_gives_the_same_answers(string embedder)
    {
        using PackFolder folder = PackFolder.OfTheReference();
        var options = new StyleIndexOptions { Embedder = embedder == "reference" ? new ReferenceEmbedder() : null };
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.BuildHierarchicalIndices(folder.Folder, folder["indices"], options).Index;

        using HierarchicalStyleIndex loaded = HierarchicalStyleIndex.LoadIndices(folder["indices"]);

        Assert.Equal(index.ParentGenres, loaded.ParentGenres);
        Assert.Equal(["dance_pop", "pop_rock"], loaded.ChildGenres("pop"));
        AssertSameAnswers(index, loaded);
    }

    [Fact]
    public void Patterns_added_later_give_the_same_answers_as_all_at_once()
    {
        StylePattern[] patterns = RandomPatterns.Make(400);
        using var whole = HierarchicalStyleIndex.Build(new StylePacks(patterns, []));
        using var grown = HierarchicalStyleIndex.Build(new StylePacks(patterns[..150], []));

        grown.AddPatterns(patterns[150..200]);
        grown.AddPatterns(patterns[200..]);

        Assert.Equal(400, grown.Count);
        AssertSameAnswers(whole, grown);
    }

    [Fact]
    public void What_is_added_to_a_loaded_index_is_saved_with_it()
    {
        StylePattern[] patterns = RandomPatterns.Make(300);
        using var folder = new PackFolder();
        using var whole = HierarchicalStyleIndex.Build(new StylePacks(patterns, []));
        using (var part = HierarchicalStyleIndex.Build(new StylePacks(patterns[..200], [])))
            part.SaveIndices(folder["index"]);
        using (HierarchicalStyleIndex loaded = HierarchicalStyleIndex.LoadIndices(folder["index"]))
        {
            loaded.AddPatterns(patterns[200..]);
            loaded.SaveIndices(folder["index"]);
        }

        using HierarchicalStyleIndex again = HierarchicalStyleIndex.LoadIndices(folder["index"]);

        AssertSameAnswers(whole, again);
    }

    [Fact]
    public void Many_patterns_are_searched_approximately_and_found()
    {
        StylePattern[] patterns = [.. RandomPatterns.Make(3_000).Select(pattern => pattern with { ParentGenre = "a", ChildGenre = null })];
        using var exact = HierarchicalStyleIndex.Build(new StylePacks(patterns, []));
        using var approximate = HierarchicalStyleIndex.Build(new StylePacks(patterns, []), new StyleIndexOptions { ApproximateFrom = 1_000 });

        int same = patterns.Where((_, i) => i % 50 == 0).Sum(query =>
            exact.RetrieveSimilarPatterns(query.Tokens, "a", null, 0, 10).Select(found => found.Pattern.Source)
                .Intersect(approximate.RetrieveSimilarPatterns(query.Tokens, "a", null, 0, 10).Select(found => found.Pattern.Source)).Count());

        Assert.InRange(same, 480, 600);
    }

    [Fact]
    public async Task Retrieval_goes_on_while_patterns_are_added()
    {
        StylePattern[] patterns = RandomPatterns.Make(1_200);
        using var index = HierarchicalStyleIndex.Build(new StylePacks(patterns[..200], []));
        using var done = new CancellationTokenSource();
        var searching = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            int answers = 0;
            do
            {
                answers += index.RetrieveSimilarPatterns(patterns[0].Tokens, patterns[0].ParentGenre, null, 0, 5).Count;
            }
            while (!done.IsCancellationRequested);
            return answers;
        })).ToArray();
        for (int start = 200; start < patterns.Length; start += 20)
            index.AddPatterns(patterns[start..(start + 20)]);
        await done.CancelAsync();

        Assert.All(await Task.WhenAll(searching), answers => Assert.True(answers >= 5));
        Assert.Equal(1_200, index.Count);
    }

    [Fact]
    public void Unknown_genres_are_named_with_those_that_there_are()
    {
        using PackFolder folder = PackFolder.OfTheReference();
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.BuildHierarchicalIndices(folder.Folder).Index;

        Assert.Contains("pop, rock", Assert.Throws<ArgumentException>(() => index.RetrieveSimilarPatterns(Query, "jazz")).Message, StringComparison.Ordinal);
        Assert.Contains("dance_pop, pop_rock", Assert.Throws<ArgumentException>(() => index.RetrieveSimilarPatterns(Query, "pop", "punk")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.RetrieveSimilarPatterns(Query, "pop", null, 1.5f));
    }

    [Fact]
    public void Damaged_files_and_mixtures_of_two_savings_are_refused()
    {
        using PackFolder folder = PackFolder.OfTheReference();
        using (HierarchicalStyleIndex.BuildHierarchicalIndices(folder.Folder, folder["one"]).Index)
        {
        }

        using (var other = HierarchicalStyleIndex.Build(new StylePacks([.. RandomPatterns.Make(50).Select(pattern => pattern with { ParentGenre = "pop", ChildGenre = null })], [])))
            other.SaveIndices(folder["two"]);
        File.Copy(folder["two/vectors/pop.tsr"], folder["one/vectors/pop.tsr"], overwrite: true);
        Assert.Contains("two savings", Assert.Throws<TesseraFormatException>(() => HierarchicalStyleIndex.LoadIndices(folder["one"])).Message, StringComparison.Ordinal);

        byte[] bytes = File.ReadAllBytes(folder["two/patterns.tsr"]);
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] damaged = [.. bytes];
            damaged[new Random(seed).Next(bytes.Length)] ^= 0x10;
            File.WriteAllBytes(folder["two/patterns.tsr"], damaged);
            try
            {
                // Padding between sections means nothing; everything else is noticed.
                HierarchicalStyleIndex.LoadIndices(folder["two"]).Dispose();
            }
            catch (TesseraFormatException)
            {
            }
        }
    }

    private static void AssertSameAnswers(HierarchicalStyleIndex a, HierarchicalStyleIndex b)
    {
        foreach (string parent in a.ParentGenres)
        {
            foreach (string? child in a.ChildGenres(parent).Append(null))
            {
                var expected = a.RetrieveSimilarPatterns(Query, parent, child, 0.3f, 7);
                var actual = b.RetrieveSimilarPatterns(Query, parent, child, 0.3f, 7);
                Assert.Equal(expected.Select(Told), actual.Select(Told));
            }
        }

        static (string, string?, string, int, float, float) Told(ScoredPattern found) =>
            (string.Join(' ', found.Pattern.Tokens), found.Pattern.ChildGenre, found.Pattern.Source, found.Pattern.Bar, found.Similarity, found.Score);
    }

    private static StylePattern Pattern(string cosine) => new([cosine], "pop", null, cosine, 0);

    /// <summary>Makes the vector (c, sqrt(1 - c²)) of the number that the first token is, so that inner products with "1" are known.</summary>
    private sealed class AngleEmbedder : IPatternEmbedder
    {
        public string Name => "angle";

        public int Dimension => 2;

        public void Embed(ReadOnlySpan<string> tokens, Span<float> vector)
        {
            float cosine = float.Parse(tokens[0], System.Globalization.CultureInfo.InvariantCulture);
            vector[0] = cosine;
            vector[1] = MathF.Sqrt(1 - cosine * cosine);
        }
    }
}
