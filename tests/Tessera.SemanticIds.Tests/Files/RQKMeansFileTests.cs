using System.Globalization;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests.Files;

public sealed class RQKMeansFileTests : IDisposable
{
    private static readonly Matrix Vectors = TestData.Clustered(300, 6, 1);
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden");

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(RQKMeansImplementation.KMeans, Metric.L2, false)]
    [InlineData(RQKMeansImplementation.Constrained, Metric.L2, false)]
    [InlineData(RQKMeansImplementation.KMeans, Metric.Cosine, true)]
    public void A_model_comes_back_as_it_was(RQKMeansImplementation implementation, Metric metric, bool normalize)
    {
        int[] clusters = [5, 6, 7];
        var options = new RQKMeansOptions
        {
            Levels = 3,
            Clusters = clusters,
            Implementation = implementation,
            Metric = metric,
            NormalizeResiduals = normalize,
            Seed = 9,
            Iterations = 20,
            Tolerance = 0.001,
            Redo = 2,
        };
        var model = new RQKMeans(options);
        model.Fit(Vectors);
        model.Save(_folder["model"]);
        RQKMeans loaded = Assert.IsType<RQKMeans>(SemanticEncoder.Load(_folder["model"]));
        Assert.Equal(options, loaded.Options with { Clusters = clusters });
        Assert.Equal(clusters, loaded.Clusters);
        Assert.Equal(model.Encode(Vectors).Values, loaded.Encode(Vectors).Values);
        Assert.Equal(model.Decode(model.Encode(Vectors)).Values, loaded.Decode(loaded.Encode(Vectors)).Values);
    }

    [Fact]
    public void Saving_twice_writes_the_same_bytes()
    {
        var model = new RQKMeans(2, 8);
        model.Fit(Vectors);
        model.Save(_folder["one"]);
        model.Save(_folder["two"]);
        foreach (string file in (string[])["metadata.json", "codebooks.npz"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["one"], file)), File.ReadAllBytes(Path.Combine(_folder["two"], file)));
    }

    [Fact]
    [Trait("Category", "Kernels")]
    public void A_model_of_the_python_package_gives_the_codes_that_it_gave_there()
    {
        string folder = Path.Combine(Golden, "python");
        RQKMeans model = RQKMeans.Load(folder);
        Assert.Equal([4, 3, 5], model.Clusters);
        Assert.Equal(Codes(folder), model.Encode(VectorFile.Read(Path.Combine(folder, "vectors.npy"))).Values.ToArray());
    }

    [Fact]
    [Trait("Category", "Kernels")]
    public void A_model_of_another_machine_gives_the_same_codes_bit_for_bit()
    {
        string folder = Path.Combine(Golden, "rqkmeans");
        SemanticEncoder model = SemanticEncoder.Load(folder);
        SemanticCodes codes = model.Encode(VectorFile.Read(Path.Combine(folder, "vectors.npy")));
        Assert.Equal(Codes(folder), codes.Values.ToArray());
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_of_a_model_is_refused()
    {
        var model = new RQKMeans(2, 4);
        model.Fit(Vectors);
        model.Save(_folder["model"]);
        int[] codes = model.Encode(Vectors).Values.ToArray();
        foreach (string file in (string[])["metadata.json", "codebooks.npz"])
        {
            string path = Path.Combine(_folder["model"], file);
            byte[] whole = File.ReadAllBytes(path);
            for (int length = 0; length < whole.Length; length += 3)
                Refused(path, whole[..length]);
            for (int place = 0; place < whole.Length; place++)
            {
                byte[] changed = [.. whole];
                changed[place] ^= 0x10;
                File.WriteAllBytes(path, changed);
                try
                {
                    // Dates of a zip entry, spaces and settings of the training may change without harm.
                    Assert.Equal(codes, RQKMeans.Load(_folder["model"]).Encode(Vectors).Values.ToArray());
                }
                catch (TesseraFormatException)
                {
                }
            }

            File.WriteAllBytes(path, whole);
        }
    }

    [Fact]
    public void Halves_of_two_saves_are_told_apart()
    {
        RQKMeans first = new(2, 8, seed: 1), second = new(2, 8, seed: 2);
        first.Fit(Vectors);
        second.Fit(Vectors);
        first.Save(_folder["one"]);
        second.Save(_folder["two"]);
        File.Copy(Path.Combine(_folder["two"], "codebooks.npz"), Path.Combine(_folder["one"], "codebooks.npz"), overwrite: true);
        Assert.Contains("not the arrays", Assert.Throws<TesseraFormatException>(() => RQKMeans.Load(_folder["one"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"n_levels\": 2", "\"n_levels\": 3", "n_clusters")]
    [InlineData("\"metric\": \"l2\"", "\"metric\": \"dot\"", "l2 and cosine are known")]
    [InlineData("\"type\": \"RQKMeans\"", "\"type\": \"Other\"", "Other")]
    [InlineData("\"D\": 6", "\"D\": 7", "codebook_0")]
    [InlineData("\"max_iter\": 100", "\"max_iter\": \"many\"", "max_iter")]
    public void A_contradiction_in_the_metadata_is_named(string text, string changed, string named)
    {
        var model = new RQKMeans(2, 8);
        model.Fit(Vectors);
        model.Save(_folder["model"]);
        string path = Path.Combine(_folder["model"], "metadata.json");
        string whole = File.ReadAllText(path);
        Assert.Contains(text, whole, StringComparison.Ordinal);
        File.WriteAllText(path, whole.Replace(text, changed, StringComparison.Ordinal));
        Assert.Contains(named, Assert.Throws<TesseraFormatException>(() => SemanticEncoder.Load(_folder["model"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_model_is_named()
    {
        Assert.Contains("no model", Assert.Throws<FileNotFoundException>(() => SemanticEncoder.Load(_folder["nothing"])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        Assert.Equal(path, Assert.Throws<TesseraFormatException>(() => RQKMeans.Load(_folder["model"])).Path);
    }

    private static int[] Codes(string folder) =>
        [.. File.ReadAllText(Path.Combine(folder, "codes.csv")).Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
