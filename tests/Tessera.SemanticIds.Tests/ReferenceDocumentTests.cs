using System.Text.RegularExpressions;
using Tessera.SemanticIds.Uniqueness;
using Tessera.Stores.SemanticIds;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests;

/// <summary>The C# twin of every code line of the reference document, in its order and under its headings.</summary>
public sealed partial class ReferenceDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // X = np.random.randn(100, 16). Levels of 256 clusters need 256 vectors, with scikit-learn too, so there are more.
    private static Matrix X { get; } = TestData.Normal(600, 16, 42);

    [Fact]
    public void The_pipeline_gives_codes_then_an_id_then_a_unique_id()
    {
        // Output: (12, 5, 33) -> "12-5-33" -> first time "12-5-33", collision "12-5-33-1", "12-5-33-2".
        string id = SemanticIdFormat.Plain.Write([12, 5, 33]);
        Assert.Equal("12-5-33", id);
        var resolver = new UniqueIdResolver();
        Assert.Equal("12-5-33", resolver.Resolve(id, "first"));
        Assert.Equal("12-5-33-1", resolver.Resolve(id, "second"));
        Assert.Equal("12-5-33-2", resolver.Resolve(id, "third"));
    }

    [Fact]
    public void Usage_1_basic_usage()
    {
        // model = RQKMeans(n_levels=4, n_clusters=256, random_state=42)
        var model = new RQKMeans(levels: 4, clusters: 256, seed: 42);

        // model.fit(X)
        model.Fit(X);

        // codes = model.encode(X); print(codes.shape)
        SemanticCodes codes = model.Encode(X);
        Assert.Equal((600, 4), (codes.Rows, codes.Levels));

        // sids = model.semantic_id(codes); print(sids[0])  # e.g., "12-45-200-5"
        string[] sids = model.SemanticId(codes);
        Assert.Equal(600, sids.Length);
        Assert.Matches(FourNumbers(), sids[0]);
    }

    [Fact]
    public void Usage_2_devices_are_threads_and_change_no_code()
    {
        // model.fit(X, device=device); codes = model.encode(X, device=device)
        var one = new RQKMeans(levels: 4, clusters: 256);
        one.Fit(X, threads: 1);
        var all = new RQKMeans(levels: 4, clusters: 256);
        all.Fit(X, threads: 0);
        Assert.Equal(one.Encode(X, threads: 1).Values, all.Encode(X, threads: 0).Values);
    }

    [Fact]
    public void Usage_3_engine_with_uniqueness()
    {
        // encoder = RQKMeans(n_levels=3, n_clusters=10)
        var encoder = new RQKMeans(levels: 3, clusters: 10);

        // store = SQLiteCollisionStore("collisions.db"); resolver = UniqueIdResolver(store=store)
        using var store = new SqliteCollisionStore(_folder["collisions.db"]);
        var resolver = new UniqueIdResolver(store);

        // engine = SemanticIdEngine(encoder=encoder, unique_resolver=resolver)
        var engine = new SemanticIdEngine(encoder, uniqueResolver: resolver);

        // engine.fit(X); unique_ids = engine.unique_ids(X); print(unique_ids[0])
        engine.Fit(X);
        string[] uniqueIds = engine.UniqueIds(X);
        Assert.Equal(600, uniqueIds.Distinct().Count());
        Assert.Equal(encoder.SemanticId(encoder.Encode(X))[0], uniqueIds[0]);

        // What the original does not: the same items get the same ids again.
        Assert.Equal(uniqueIds, engine.UniqueIds(X));
    }

    [Fact]
    public void Usage_4_balanced_clustering()
    {
        // model = RQKMeans(n_levels=4, n_clusters=256, implementation="constrained"); model.fit(X)
        var model = new RQKMeans(new RQKMeansOptions { Levels = 4, Clusters = [16], Implementation = RQKMeansImplementation.Constrained });
        model.Fit(X);
        SemanticCodes codes = model.Encode(X);
        for (int level = 0; level < 4; level++)
        {
            int[] sizes = [.. Enumerable.Range(0, 600).GroupBy(row => codes[row, level]).Select(group => group.Count())];
            Assert.Equal(16, sizes.Length);
            Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        }
    }

    [Theory]
    [InlineData(10, 20, 50)]
    [InlineData(4, 4, 8)]
    public void Usage_5_variable_clusters_per_level(int first, int second, int third)
    {
        // model = RQKMeans(n_levels=3, n_clusters=[10, 20, 50])
        var model = new RQKMeans(new RQKMeansOptions { Levels = 3, Clusters = [first, second, third] });
        model.Fit(X);
        SemanticCodes codes = model.Encode(X);
        Assert.Equal([first, second, third], Enumerable.Range(0, 3).Select(level => Enumerable.Range(0, 600).Max(row => codes[row, level]) + 1));
    }

    [Fact]
    public void Usage_5_a_store_of_ones_own()
    {
        // "Defining a custom JSONCollisionStore": it is there, and the interface is open to others.
        using ICollisionStore store = new JsonCollisionStore(_folder["ids.json"]);
        Assert.Equal(["3-9-1", "3-9-1-1"], new UniqueIdResolver(store).Resolve(["3-9-1", "3-9-1"], ["a", "b"]));
    }

    [Fact]
    public void Usage_6_saving_and_loading()
    {
        var model = new RQKMeans(levels: 3, clusters: 16);
        model.Fit(X);

        // model.save("my_rq_model"); loaded_model = RQKMeans.load("my_rq_model")
        model.Save(_folder["my_rq_model"]);
        RQKMeans loaded = RQKMeans.Load(_folder["my_rq_model"]);
        Assert.Equal(model.Encode(X).Values, loaded.Encode(X).Values);
    }

    [Fact]
    public void Usage_7_neural_network()
    {
        // model = RQVAE(in_dim=768, num_emb_list=[256, 256, 256], e_dim=768, layers=[512, 256], device="cuda")
        var model = new RQVAE(new RQVAEOptions { Clusters = [32, 32, 32], LatentDimension = 16, Layers = [24, 20], Epochs = 3 });

        // model.fit(X_train)
        model.Fit(X.Slice(0, 500));

        // ids = model.semantic_id(model.encode(X_test))
        string[] ids = model.SemanticId(model.Encode(X.Slice(500, 100)));
        Assert.Equal(100, ids.Length);
        Assert.All(ids, id => Assert.Equal(3, SemanticIdFormat.Plain.Parse(id)!.Length));
    }

    [Fact]
    public void Usage_7_rq_kmeans_plus()
    {
        var kmeans = new RQKMeans(levels: 3, clusters: 32);
        kmeans.Fit(X);
        var model = new RQVAE(new RQVAEOptions { Clusters = [32, 32, 32], Layers = [24, 20], Epochs = 2, Shortcut = true });
        model.Fit(X, start: kmeans);
        Assert.Equal(0, model.History[0].Epoch);
        Assert.True(model.History.Min(epoch => epoch.HeldOutError) <= model.History[0].HeldOutError);
    }

    [Fact]
    public void Usage_8_reproducibility()
    {
        // Machine A: model.fit(X_train, device="cuda"); model.save("production_model")
        var model = new RQKMeans(levels: 4, clusters: 32);
        model.Fit(X.Slice(0, 500));
        model.Save(_folder["production_model"]);

        // Machine B: prod_model = RQKMeans.load("production_model"); codes = prod_model.encode(X_test, device="cpu")
        RQKMeans production = RQKMeans.Load(_folder["production_model"]);
        Assert.Equal(model.Encode(X.Slice(500, 100)).Values, production.Encode(X.Slice(500, 100), threads: 1).Values);
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"^\d+-\d+-\d+-\d+$")]
    private static partial Regex FourNumbers();
}
