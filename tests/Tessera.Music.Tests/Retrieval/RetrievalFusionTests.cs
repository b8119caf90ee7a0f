using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Music.Tests.Retrieval;

public sealed class RetrievalFusionTests
{
    private static readonly Vocabulary Letters = new(["a", "b", "c", "d", "e"]);

    [Fact]
    public void The_fusion_of_the_reference_is_as_computed_by_hand()
    {
        RetrievalFusion fusion = OverLetters(new RetrievalConfig { FamilyIndex = "p", ChildGenre = "q", ChildBias = 0.3f, FusionWeight = 0.1f, Mode = FusionMode.Reference, TemperatureScale = 2 });
        float[] logits = [1, 2, 3, 4, -1];

        Assert.True(fusion.ApplyRetrievalBias(logits, Letters.Encode(["e", "a", "b", "c"])));

        // After a b c: d once in the parent (1), e once in the child (1.5 * 1.3 = 1.95); w = 0.1 * 1.3 = 0.13.
        double d = 1 / 2.95, e = 1.95 / 2.95, w = 0.13;
        double[] expected = [(1 - w) * 1, (1 - w) * 2, (1 - w) * 3, (1 - w) * 4 + w * d / 2, (1 - w) * -1 + w * e / 2];
        Assert.Equal(expected, logits.Select(logit => (double)logit), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void The_fusion_of_the_reference_leaves_the_logits_where_nothing_matches()
    {
        RetrievalFusion fusion = OverLetters(new RetrievalConfig { FamilyIndex = "p", Mode = FusionMode.Reference });
        float[] logits = [1, 2, 3, 4, 5];

        Assert.False(fusion.ApplyRetrievalBias(logits, Letters.Encode(["b", "c"])));
        Assert.False(fusion.ApplyRetrievalBias(logits, Letters.Encode(["d", "d", "d"])));

        Assert.Equal([1, 2, 3, 4, 5], logits);
    }

    [Fact]
    public void Without_a_bias_the_child_does_not_count()
    {
        RetrievalFusion fusion = OverLetters(new RetrievalConfig { FamilyIndex = "p", ChildGenre = "q", Mode = FusionMode.Reference });
        float[] logits = [0, 0, 0, 0, 0];

        fusion.ApplyRetrievalBias(logits, Letters.Encode(["a", "b", "c"]));

        Assert.Equal([0, 0, 0, 0.1f, 0], logits);
    }

    [Fact]
    public void Mixed_probabilities_move_what_the_reference_hardly_does()
    {
        // Retrieval is sure of d, the model gives it one in a hundred thousand.
        float[] model = [MathF.Log(0.99999f / 4), MathF.Log(0.99999f / 4), MathF.Log(0.99999f / 4), MathF.Log(0.00001f), MathF.Log(0.99999f / 4)];
        float[] byReference = [.. model], byProbability = [.. model];

        OverLetters(new RetrievalConfig { FamilyIndex = "p", Mode = FusionMode.Reference }).ApplyRetrievalBias(byReference, Letters.Encode(["a", "b", "c"]));
        var constant = new FusionWeights([0, 0, 0, 0, 0, -20, 0, 0, 0, 0, -20, 0, 0, 0, 0]);
        OverLetters(new RetrievalConfig { FamilyIndex = "p", Weights = constant, FusionWeight = 0.1f }).ApplyRetrievalBias(byProbability, Letters.Encode(["a", "b", "c"]));

        // Log odds of 0 share evenly between the model and the genre: half of one in a hundred thousand, and half of 1.
        Assert.InRange(Softmax(byReference)[3], 0.00001, 0.0001);
        Assert.Equal(0.500005, Softmax(byProbability)[3], 1e-4);
        Assert.Equal(0.99999 / 8, Softmax(byProbability)[0], 1e-4);
    }

    [Theory]
    [InlineData(0, 0.00001)]
    [InlineData(0.5, 0.9)]
    [InlineData(1, 1)]
    public void The_fusion_weight_scales_the_odds_of_retrieval(float weight, double expected)
    {
        float[] logits = [0, 0, 0, -11.5129f + MathF.Log(4), 0];
        var constant = new FusionWeights([0, 0, 0, 0, 0, -20, 0, 0, 0, 0, -20, 0, 0, 0, 0]);

        OverLetters(new RetrievalConfig { FamilyIndex = "p", Weights = constant, FusionWeight = weight }).ApplyRetrievalBias(logits, Letters.Encode(["a", "b", "c"]));

        Assert.Equal(expected, Softmax(logits)[3], 1e-4);
    }

    [Fact]
    public void The_result_is_a_distribution_and_what_was_ruled_out_stays_so()
    {
        using var index = HierarchicalStyleIndex.Build(new StylePacks(RandomPatterns.Make(200), []));
        Vocabulary vocabulary = Vocabulary.Of(RandomPatterns.Make(200).Select(pattern => pattern.Tokens));
        var fusion = new RetrievalFusion(index, vocabulary, new RetrievalConfig { FamilyIndex = "rock", ChildGenre = "punk", ChildBias = 0.5f, FusionWeight = 0.4f });
        int[] piece = vocabulary.Encode(BarSequence.Join(RandomPatterns.Make(200).Where(pattern => pattern.Source == "rock/2.json").Select(pattern => pattern.Tokens)));
        var random = new Random(1);
        int biased = 0;
        for (int length = 1; length < piece.Length; length++)
        {
            float[] logits = [.. Enumerable.Range(0, vocabulary.Count).Select(token => token % 7 == 3 ? float.NegativeInfinity : random.NextSingle())];

            biased += fusion.ApplyRetrievalBias(logits, piece.AsSpan(0, length)) ? 1 : 0;

            Assert.DoesNotContain(logits, float.IsNaN);
            Assert.All(Enumerable.Range(0, vocabulary.Count).Where(token => token % 7 == 3), token => Assert.Equal(float.NegativeInfinity, logits[token]));
        }

        Assert.InRange(biased, piece.Length / 2, piece.Length);
    }

    [Fact]
    public void The_answer_depends_on_the_sequence_alone()
    {
        using var index = HierarchicalStyleIndex.Build(new StylePacks(RandomPatterns.Make(200), []));
        Vocabulary vocabulary = Vocabulary.Of(RandomPatterns.Make(200).Select(pattern => pattern.Tokens));
        RetrievalFusion Make() => new(index, vocabulary, new RetrievalConfig { FamilyIndex = "rock" });
        RetrievalFusion used = Make();
        int[][] pieces = [.. RandomPatterns.Make(200).Select(pattern => vocabulary.Encode(pattern.Tokens)).Where(ids => ids.Length > 20).Take(20)];
        foreach (int[] piece in pieces)
        {
            var once = new float[vocabulary.Count];
            used.ApplyRetrievalBias(once, [.. pieces[0], .. piece]);
            var fresh = new float[vocabulary.Count];
            Make().ApplyRetrievalBias(fresh, [.. pieces[0], .. piece]);

            Assert.Equal(fresh, once);
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_warm()
    {
        using var index = HierarchicalStyleIndex.Build(new StylePacks(RandomPatterns.Make(400), []));
        Vocabulary vocabulary = Vocabulary.Of(RandomPatterns.Make(400).Select(pattern => pattern.Tokens));
        var fusion = new RetrievalFusion(index, vocabulary, new RetrievalConfig { FamilyIndex = "rock", ChildGenre = "punk", ChildBias = 0.3f });
        int[] piece = vocabulary.Encode(BarSequence.Join(RandomPatterns.Make(400).Where(pattern => pattern.Source == "rock/3.json").Select(pattern => pattern.Tokens)));
        var logits = new float[vocabulary.Count];
        Run();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (int length = 1; length < piece.Length; length++)
            {
                logits.AsSpan().Clear();
                fusion.ApplyRetrievalBias(logits, piece.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void A_fusion_is_made_of_saved_files()
    {
        using PackFolder folder = PackFolder.OfTheReference();
        StylePacks packs = StylePacks.Load(folder.Folder);
        using (HierarchicalStyleIndex.BuildHierarchicalIndices(folder.Folder, folder["indices"]).Index)
            Vocabulary.Of(packs.Patterns.Select(pattern => pattern.Tokens)).Save(folder["vocab.json"]);

        RetrievalFusion fusion = RetrievalFusion.Create(folder["indices"], folder["vocab.json"], new RetrievalConfig { FamilyIndex = "pop", ChildBias = 0.3f, ChildGenre = "dance_pop", FusionWeight = 0.1f });
        var logits = new float[fusion.Vocabulary.Count];

        Assert.True(fusion.ApplyRetrievalBias(logits, fusion.Vocabulary.Encode("POS=1 CHORD=C NOTE_ON".Split(' '))));
        // The parent's 60 and the child's 67 are what retrieval knows; the child's counts more.
        Assert.True(logits[fusion.Vocabulary.IdOf("67")] > logits[fusion.Vocabulary.IdOf("60")]);
        Assert.True(logits[fusion.Vocabulary.IdOf("60")] > logits[fusion.Vocabulary.IdOf("45")]);
        Assert.Equal(5, fusion.GetSimilarPatternsContext(["STYLE=pop", "CHORD=C"], 5).Count + 1);
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        Assert.Contains("ChildBias", Assert.Throws<ArgumentOutOfRangeException>(() => OverLetters(new RetrievalConfig { FamilyIndex = "p", ChildBias = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("there are p", Assert.Throws<ArgumentException>(() => OverLetters(new RetrievalConfig { FamilyIndex = "x" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OverLetters(new RetrievalConfig { FamilyIndex = "p" }).ApplyRetrievalBias(new float[3], []));
    }

    private static RetrievalFusion OverLetters(RetrievalConfig config)
    {
        var index = new HierarchicalStyleIndex(new StyleIndexOptions { EmbeddingDim = 64 });
        index.BuildParentIndex("p", [new StylePattern(["a", "b", "c", "d"], "p", null, "one", 0)]);
        index.RegisterChildPatterns("p", "q", [new StylePattern(["a", "b", "c", "e"], "p", "q", "two", 0)]);
        return new RetrievalFusion(index, Letters, config);
    }

    private static double[] Softmax(float[] logits)
    {
        double sum = logits.Sum(logit => Math.Exp(logit));
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
