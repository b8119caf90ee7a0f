using Tessera.Music.Models;
using Tessera.Music.Tokens;
using Tessera.Storage;

namespace Tessera.Music.Tests.Models;

public sealed class KneserNeyModelTests
{
    [Fact]
    public void Probabilities_sum_to_one_in_every_context()
    {
        KneserNeyModel model = OverRandom();
        var logits = new float[model.Vocabulary.Count];
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            int[] context = [.. Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(-1, model.Vocabulary.Count))];

            model.Predict(context, logits);

            Assert.Equal(1, logits.Sum(logit => Math.Exp(logit)), 1e-4);
        }
    }

    [Fact]
    public void A_bigram_model_is_as_computed_by_hand()
    {
        // a b | a b | a c: continuation counts a 1 (start), b 1 (a), c 1 (a); every discount falls back to a half, so few are the counts.
        var model = KneserNeyModel.Train([["a", "b"], ["a", "b"], ["a", "c"]], new KneserNeyOptions { Order = 2 });
        var logits = new float[3];

        model.Predict(model.Vocabulary.Encode(["a"]), logits);

        // The root: each (1 - 0.5) / 3, and 1.5 / 3 of the rest evenly: 1/3 each. Behind a: b (2 - D2) / 3, c (1 - D1) / 3.
        // n1 = 1 (a c), n2 = 1 (a b), n3 = 1 (start a), n4 = 0; y = 1/3: D1 = 1 - 2/3 = 1/3, D2 = 2 - 3/3 = 1, D3 = 3.
        double rest = (1 + 1 / 3.0) / 3;
        Assert.Equal(1 / 3.0 + rest / 3, Math.Exp(logits[1]), 1e-5);
        Assert.Equal(2 / 9.0 + rest / 3, Math.Exp(logits[2]), 1e-5);
        Assert.Equal(rest / 3, Math.Exp(logits[0]), 1e-5);
    }

    [Fact]
    public void What_was_seen_is_expected_more_than_what_was_not()
    {
        var model = KneserNeyModel.Train([[.. Enumerable.Repeat("a b c d", 20).SelectMany(part => part.Split(' '))]]);
        var logits = new float[model.Vocabulary.Count];

        model.Predict(model.Vocabulary.Encode(["c", "d", "a"]), logits);

        Assert.True(Math.Exp(logits[model.Vocabulary.IdOf("b")]) > 0.8);
    }

    [Fact]
    public void A_saved_model_says_the_same()
    {
        using var folder = new PackFolder();
        KneserNeyModel model = OverRandom();
        model.Save(folder["model.tsr"]);

        KneserNeyModel loaded = KneserNeyModel.Load(folder["model.tsr"]);

        Assert.Equal((model.Order, model.Contexts), (loaded.Order, loaded.Contexts));
        Assert.Equal(model.Vocabulary.Tokens, loaded.Vocabulary.Tokens);
        float[] a = new float[model.Vocabulary.Count], b = new float[model.Vocabulary.Count];
        model.Predict([1, 2, 3], a);
        loaded.Predict([1, 2, 3], b);
        Assert.Equal(a, b);
    }

    [Fact]
    public void A_damaged_model_is_refused_or_whole()
    {
        using var folder = new PackFolder();
        OverRandom().Save(folder["model.tsr"]);
        byte[] bytes = File.ReadAllBytes(folder["model.tsr"]);
        int refused = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            byte[] damaged = [.. bytes];
            damaged[new Random(seed).Next(bytes.Length)] ^= 0x40;
            File.WriteAllBytes(folder["model.tsr"], damaged);
            try
            {
                KneserNeyModel model = KneserNeyModel.Load(folder["model.tsr"]);
                model.Predict([1, 2, 3], new float[model.Vocabulary.Count]);
            }
            catch (TesseraFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 80, 100);
    }

    private static KneserNeyModel OverRandom() => KneserNeyModel.Train([.. RandomPatterns.Make(120).GroupBy(pattern => pattern.Source).Select(piece => (IReadOnlyList<string>)BarSequence.Join(piece.Select(bar => bar.Tokens)))]);
}
