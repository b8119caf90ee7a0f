using Tessera.Benchmarks.Data;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>A part of the comparison that can be asked for by name.</summary>
/// <param name="Name">The word for --only.</param>
/// <param name="Title">The heading of its table.</param>
/// <param name="Works">Its lines.</param>
internal sealed record Section(string Name, string Title, IReadOnlyList<Work> Works)
{
    public static IReadOnlyList<string> Names { get; } = ["kmeans", "clusters", "codes", "residual", "flat", "ivfpq", "ivfflat", "fastscan", "hnsw", "threads"];

    /// <summary>All parts, with the lines that the data sets and processors at hand allow.</summary>
    public static IReadOnlyList<Section> All(DataSet mnist, DataSet glove, int threads)
    {
        Section[] sections =
        [
            new("kmeans", "k-means: 25 iterations over all vectors, from random ones of them",
            [
                KMeans(mnist, 256, threads),
                KMeans(mnist, 1024, threads),
                KMeans(glove, 1024, threads) with { Without = "SuperKmeans" },
            ]),
            new("clusters", "Clusters of equal sizes, and mixtures",
            [
                new("GloVe, 20,000 x 50 into 100 of equal sizes, 25 iterations", new Request(TaskKind.Balanced, glove) { Rows = 20000, Columns = 50, Clusters = 100, Iterations = 25, Threads = threads }),
                new("GloVe, 2,000 x 50 given out to 20 of equal sizes", new Request(TaskKind.BalancedAssign, glove) { Rows = 2000, Columns = 50, Clusters = 20, Threads = threads }),
                Mixture(mnist, 10, 30, "full", threads),
                Mixture(mnist, 20, 50, "diag", threads),
            ]),
            new("codes", "Rotations for product codes (OPQ, 50 rounds, 60,000 vectors, 8 bits a part), and scalar codes searched with 100 queries one after the other",
            [
                Rotation(glove, 20, 100, threads),
                Rotation(glove, 16, 64, threads),
                Rotation(mnist, 16, 64, threads),
                ScalarScan(glove, "SQ8"),
                ScalarScan(glove, "SQfp16"),
                ScalarScan(glove, "SQbf16"),
                ScalarScan(mnist, "SQ8"),
                ScalarScan(mnist, "SQfp16"),
                ScalarScan(mnist, "SQbf16"),
            ]),
            new("residual", "Residual quantisers of 4 levels of 8 bits, trained, and their error over all vectors when each level takes the nearest entry",
            [
                Residual(glove, threads),
                Residual(mnist, threads),
            ]),
            new("flat", "Flat: exact search for the 10 nearest",
            [
                FlatBatch(mnist, threads),
                FlatBatch(glove, threads),
                FlatSingle(mnist),
                FlatSingle(glove),
            ]),
            new("ivfpq", "IVF-PQ: inverted lists of product codes, 8 bits a part, searched with 1,000 queries together",
            [
                .. Ivf(mnist, "IVF256,PQ56", "ivfpq", [1, 5, 10, 20], [], threads),
                .. Ivf(glove, "IVF1024,PQ50", "ivfpq", [4, 16, 64], [], threads),
            ]),
            new("ivfflat", "IVF-Flat: inverted lists of whole vectors, searched with 1,000 queries together",
            [
                .. Ivf(mnist, "IVF256,Flat", "ivfflat", [1, 2, 4, 8, 16], [0.95], threads),
                .. Ivf(glove, "IVF1024,Flat", "ivfflat", [4, 16, 32, 64, 128], [0.95], threads),
            ]),
            new("fastscan", "FastScan: inverted lists of product codes, 4 bits a part, searched with 1,000 queries together",
            [
                .. Ivf(mnist, "IVF256,PQ112x4fs", "fastscan", [5, 10, 20], [], threads),
                .. Ivf(glove, "IVF1024,PQ50x4fs", "fastscan", [4, 16, 64], [], threads),
            ]),
            new("hnsw", "HNSW: graphs with 16 neighbours a node, efConstruction 200, searched with 1,000 queries together",
            [
                .. Hnsw(mnist, Metric.L2, [10, 12, 16, 24, 32, 64], threads),
                .. Hnsw(glove, Metric.Cosine, [64, 128, 200, 256, 400, 800], threads),
            ]),
            new("threads", "Two threads against one", Environment.ProcessorCount < 2 ? [] :
            [
                TwoThreads(KMeans(mnist, 1024, 2)),
                TwoThreads(KMeans(glove, 1024, 2)),
                TwoThreads(FlatBatch(mnist, 2)),
                TwoThreads(FlatBatch(glove, 2)),
                TwoThreads(IvfSearch(mnist, "IVF256,PQ56", 16, 2)),
                TwoThreads(IvfSearch(glove, "IVF1024,PQ50", 16, 2)),
            ]),
        ];
        return [.. sections.Select(section => section with { Works = [.. section.Works.Where(work => work.Request.Data.Exists)] })];
    }

    private static Work KMeans(DataSet data, int clusters, int threads) => new($"{data.Name}, k = {clusters}", new Request(TaskKind.KMeans, data)
    {
        Clusters = clusters,
        Iterations = 25,
        Threads = threads,
    });

    private static Work Mixture(DataSet data, int components, int directions, string covariance, int threads) =>
        new($"{data.Name}, mixture of {components} {covariance} in {directions} principal directions", new Request(TaskKind.Mixture, data)
        {
            Clusters = components,
            Outputs = directions,
            Specification = covariance,
            Iterations = 100,
            Threads = threads,
        });

    private static Work Rotation(DataSet data, int parts, int outputs, int threads) =>
        new($"{data.Name}, OPQ{parts}_{outputs} (1 run)", new Request(TaskKind.Rotation, data)
        {
            Rows = 60000,
            Parts = parts,
            Outputs = outputs,
            Iterations = 50,
            Threads = threads,
        })
        {
            Once = true,
        };

    private static Work Residual(DataSet data, int threads) => new($"{data.Name}, RQ4x8", new Request(TaskKind.Residual, data) { Parts = 4, Threads = threads });

    private static Work ScalarScan(DataSet data, string code) => new($"{data.Name}, {code}, one query at a time", new Request(TaskKind.ScalarScan, data)
    {
        Specification = code,
        QueryCount = 100,
    });

    private static Work FlatBatch(DataSet data, int threads) => new($"{data.Name}, 1,000 queries together", new Request(TaskKind.FlatBatch, data)
    {
        Threads = threads,
    });

    private static Work FlatSingle(DataSet data) => new($"{data.Name}, one query at a time", new Request(TaskKind.FlatSingle, data)
    {
        QueryCount = 100,
    });

    private static IEnumerable<Work> Ivf(DataSet data, string specification, string section, int[] probes, double[] recalls, int threads)
    {
        Work search = IvfSearch(data, specification, 0, threads);
        string name = $"{data.Name}, {specification}";
        yield return new Work($"{name}: train (1 run)", search.Request with { Task = TaskKind.IvfTrain }) { Once = true };
        yield return new Work($"{name}: add", search.Request with { Task = TaskKind.IvfAdd });
        yield return new Work($"{name}: file", search.Request with { Task = TaskKind.IvfSize }) { Once = true };
        var tradeOff = new TradeOff(name, FileName(section, data), "probes", recalls);
        foreach (int each in probes)
            yield return IvfSearch(data, specification, each, threads) with { TradeOff = tradeOff };
    }

    private static Work IvfSearch(DataSet data, string specification, int probes, int threads) =>
        new($"{data.Name}, {specification}: search, {probes} {(probes == 1 ? "probe" : "probes")}", new Request(TaskKind.IvfSearch, data)
        {
            Specification = specification,
            Probes = probes,
            Threads = threads,
        });

    private static IEnumerable<Work> Hnsw(DataSet data, Metric metric, int[] efs, int threads)
    {
        var request = new Request(TaskKind.GraphSearch, data)
        {
            Metric = metric,
            Links = 16,
            EfConstruction = 200,
            Threads = threads,
        };
        string name = $"{data.Name}, HNSW{request.Links}";
        yield return new Work($"{name}: build (1 run)", request with { Task = TaskKind.GraphBuild }) { Once = true };
        yield return new Work($"{name}: memory", request with { Task = TaskKind.GraphMemory }) { Once = true };
        yield return new Work($"{name}: file", request with { Task = TaskKind.GraphSize }) { Once = true };
        var tradeOff = new TradeOff(name, FileName("hnsw", data), "ef", [0.95, 0.99]);
        foreach (int ef in efs)
            yield return new Work($"{name}: search, ef {ef}", request with { Ef = ef }) { TradeOff = tradeOff };
    }

    private static string FileName(string section, DataSet data) => $"{section}-{data.Name.ToLowerInvariant()}";

    private static Work TwoThreads(Work work) => work with
    {
        Title = work.Request.Task == TaskKind.KMeans ? $"k-means, {work.Title}" : work.Title,
        AgainstOneThread = true,
    };
}
