using Tessera.SemanticIds.Neural;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests;

public sealed class RQVAETests : IDisposable
{
    private static readonly Matrix Vectors = TestData.Clustered(800, 12, 1);

    private static readonly RQVAEOptions Small = new()
    {
        Clusters = [16, 16],
        LatentDimension = 8,
        Layers = [32, 16],
        Epochs = 12,
        BatchSize = 64,
        LearningRate = 3e-3,
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Training_lowers_the_held_out_error_and_keeps_the_best_epoch()
    {
        var told = new List<RQVAEEpoch>();
        var model = new RQVAE(Small);
        model.Fit(Vectors, start: null, progress: new Listener(told));
        Assert.Equal(12, model.History.Count);
        Assert.Equal(model.History, told);
        double best = model.History.Min(epoch => epoch.HeldOutError);
        Assert.True(best < 0.95 * model.History[0].HeldOutError, $"{best} of {model.History[0].HeldOutError}");
        double spread = TestData.Error(Vectors, new Matrix(new float[Vectors.Span.Length], 12));
        double error = TestData.Error(Vectors, model.Decode(model.Encode(Vectors)));
        Assert.True(error < 0.5 * spread, $"{error} of {spread}");
    }

    [Fact]
    public void Any_number_of_threads_learns_and_codes_alike()
    {
        RQVAEOptions few = Small with { Epochs = 2 };
        RQVAE one = new(few), four = new(few);
        one.Fit(Vectors, threads: 1);
        four.Fit(Vectors, threads: 4);
        Assert.Equal(one.Encode(Vectors, threads: 1).Values, four.Encode(Vectors, threads: 4).Values);
        Assert.Equal(one.History, four.History);
    }

    [Fact]
    public void A_shortcut_begins_where_rq_kmeans_ends_and_never_ends_worse()
    {
        var kmeans = new RQKMeans(2, 16);
        kmeans.Fit(Vectors);
        // A step of nearly nothing, so that what is loaded shows.
        var still = new RQVAE(Small with { Shortcut = true, Epochs = 1, LearningRate = 1e-12, ReviveUnused = false });
        still.Fit(Vectors, start: kmeans);
        double ofKMeans = TestData.Error(Vectors, kmeans.Decode(kmeans.Encode(Vectors)));
        Assert.Equal(ofKMeans, TestData.Error(Vectors, still.Decode(still.Encode(Vectors))), 1e-3 * ofKMeans);
        int same = kmeans.Encode(Vectors).Values.ToArray().Zip(still.Encode(Vectors).Values.ToArray()).Count(pair => pair.First == pair.Second);
        Assert.True(same >= 0.995 * 1600, $"{same} of 1600 codes");

        var trained = new RQVAE(Small with { Shortcut = true });
        trained.Fit(Vectors, start: kmeans);
        Assert.True(trained.History.Min(epoch => epoch.HeldOutError) <= trained.History[0].HeldOutError);
    }

    [Fact]
    public void Unused_codes_are_revived()
    {
        RQVAEOptions cold = Small with { WarmStart = false, Epochs = 8, Clusters = [64, 64] };
        RQVAE left = new(cold with { ReviveUnused = false }), revived = new(cold);
        left.Fit(Vectors);
        revived.Fit(Vectors);
        Assert.True(revived.History.Sum(epoch => epoch.Revived) > 0);
        Assert.True(Used(revived) > Used(left), $"{Used(revived)} and {Used(left)}");
    }

    [Fact]
    public void Sinkhorn_gives_entries_equal_shares_where_the_nearest_would_not()
    {
        // Nine of ten vectors lie at the first entry.
        float[] values = [.. Enumerable.Range(0, 100).SelectMany(row => (float[])[row < 90 ? 0.01f * row : 5f, 0])];
        var vectors = new Matrix(values, 2);
        var entries = new Matrix(new float[] { 0, 0, 5, 0 }, 2);
        var taken = new int[100];
        Sinkhorn.Assign(entries, vectors, 0.05, 100, 1, taken);
        Assert.InRange(taken.Count(entry => entry == 0), 45, 55);
        Assert.All(Enumerable.Range(90, 10), row => Assert.Equal(1, taken[row]));
    }

    [Fact]
    public void Sinkhorn_takes_part_in_the_training()
    {
        RQVAEOptions few = Small with { Epochs = 2 };
        RQVAE plain = new(few), spread = new(few with { SinkhornEpsilons = [0.01, 0.01], SinkhornIterations = 30 });
        plain.Fit(Vectors);
        spread.Fit(Vectors);
        Assert.NotEqual(plain.History[0].Loss, spread.History[0].Loss);
        Assert.True(double.IsFinite(spread.History[1].HeldOutError));
    }

    [Fact]
    public void Early_stopping_waits_as_long_as_it_is_told()
    {
        var model = new RQVAE(Small with { LearningRate = 1e-12, Epochs = 50, Patience = 3, ReviveUnused = false });
        model.Fit(Vectors);
        int best = model.History.MinBy(epoch => epoch.HeldOutError)!.Epoch;
        Assert.Equal(best + 3, model.History.Count);
    }

    [Fact]
    public void A_model_comes_back_as_it_was_plus_models_too()
    {
        foreach (bool shortcut in (bool[])[false, true])
        {
            var model = new RQVAE(Small with { Shortcut = shortcut, Epochs = 1 });
            model.Fit(Vectors);
            model.Save(_folder[$"{shortcut}"]);
            RQVAE loaded = Assert.IsType<RQVAE>(SemanticEncoder.Load(_folder[$"{shortcut}"]));
            Assert.Equal(model.Encode(Vectors).Values, loaded.Encode(Vectors).Values);
            Assert.Equal(model.Decode(model.Encode(Vectors)).Values, loaded.Decode(loaded.Encode(Vectors)).Values);
            Assert.Equal(shortcut, loaded.Options.Shortcut);
        }
    }

    [Fact]
    public void A_damaged_model_is_refused()
    {
        var model = new RQVAE(Small with { Epochs = 1, Layers = [4], LatentDimension = 3, Clusters = [4] });
        model.Fit(Vectors);
        model.Save(_folder["model"]);
        string path = Path.Combine(_folder["model"], "model.npz");
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length += 17)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<TesseraFormatException>(() => RQVAE.Load(_folder["model"]));
        }

        File.WriteAllBytes(path, whole);
        string metadata = Path.Combine(_folder["model"], "metadata.json");
        File.WriteAllText(metadata, File.ReadAllText(metadata).Replace("\"in_dim\": 12", "\"in_dim\": 13", StringComparison.Ordinal));
        Assert.Contains("announced", Assert.Throws<TesseraFormatException>(() => RQVAE.Load(_folder["model"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Kernels")]
    public void A_model_of_another_machine_gives_the_same_codes_bit_for_bit()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden", "rqvae");
        SemanticCodes codes = SemanticEncoder.Load(folder).Encode(VectorFile.Read(Path.Combine(folder, "vectors.npy")));
        string[] lines = File.ReadAllLines(Path.Combine(folder, "codes.csv"));
        Assert.Equal(lines, Enumerable.Range(0, codes.Rows).Select(row => string.Join(',', codes[row].ToArray())));
    }

    [Fact]
    public void A_start_that_does_not_fit_is_refused()
    {
        var kmeans = new RQKMeans(2, 8);
        kmeans.Fit(Vectors);
        Assert.Throws<ArgumentException>("start", () => new RQVAE(Small with { Shortcut = true }).Fit(Vectors, start: kmeans));
        Assert.Throws<ArgumentException>("start", () => new RQVAE(Small).Fit(Vectors, start: kmeans));
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Clusters", () => new RQVAE(new RQVAEOptions { Clusters = [] }));
        Assert.Throws<ArgumentOutOfRangeException>("LearningRate", () => new RQVAE(new RQVAEOptions { LearningRate = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>("HeldOut", () => new RQVAE(new RQVAEOptions { HeldOut = 0.6 }));
    }

    public void Dispose() => _folder.Dispose();

    private static int Used(RQVAE model) => model.Encode(Vectors).Values.ToArray().Chunk(2).Select(row => row[0]).Distinct().Count();

    private sealed class Listener(List<RQVAEEpoch> told) : IProgress<RQVAEEpoch>
    {
        public void Report(RQVAEEpoch value) => told.Add(value);
    }
}
