using Tessera.Benchmarks.Data;

namespace Tessera.Benchmarks.Compare;

/// <summary>A part of the comparison that can be asked for by name.</summary>
/// <param name="Name">The word for --only.</param>
/// <param name="Title">The heading of its table.</param>
/// <param name="Works">Its lines.</param>
internal sealed record Section(string Name, string Title, IReadOnlyList<Work> Works)
{
    public static IReadOnlyList<string> Names { get; } = ["kmeans", "flat", "ivfpq", "threads"];

    /// <summary>All parts, with the lines that the data sets and processors at hand allow.</summary>
    public static IReadOnlyList<Section> All(DataSet mnist, DataSet glove, int threads)
    {
        Section[] sections =
        [
            new("kmeans", "k-means: 25 iterations over all vectors, from random ones of them",
            [
                KMeans(mnist, 256, threads),
                KMeans(mnist, 1024, threads),
                KMeans(glove, 1024, threads),
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
                .. IvfPq(mnist, 256, 56, [1, 5, 10, 20], threads),
                .. IvfPq(glove, 1024, 50, [4, 16, 64], threads),
            ]),
            new("threads", "Two threads against one", Environment.ProcessorCount < 2 ? [] :
            [
                TwoThreads(KMeans(mnist, 1024, 2)),
                TwoThreads(KMeans(glove, 1024, 2)),
                TwoThreads(FlatBatch(mnist, 2)),
                TwoThreads(FlatBatch(glove, 2)),
                TwoThreads(IvfPqSearch(mnist, 256, 56, 16, 2)),
                TwoThreads(IvfPqSearch(glove, 1024, 50, 16, 2)),
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

    private static Work FlatBatch(DataSet data, int threads) => new($"{data.Name}, 1,000 queries together", new Request(TaskKind.FlatBatch, data)
    {
        Threads = threads,
    });

    private static Work FlatSingle(DataSet data) => new($"{data.Name}, one query at a time", new Request(TaskKind.FlatSingle, data)
    {
        QueryCount = 100,
    });

    private static IEnumerable<Work> IvfPq(DataSet data, int lists, int subquantizers, int[] probes, int threads)
    {
        Work search = IvfPqSearch(data, lists, subquantizers, 0, threads);
        string name = $"{data.Name}, IVF{lists},PQ{subquantizers}";
        yield return new Work($"{name}: train (1 run)", search.Request with { Task = TaskKind.IvfPqTrain }) { Once = true };
        yield return new Work($"{name}: add", search.Request with { Task = TaskKind.IvfPqAdd });
        yield return new Work($"{name}: file", search.Request with { Task = TaskKind.IvfPqSize }) { Once = true };
        foreach (int each in probes)
            yield return IvfPqSearch(data, lists, subquantizers, each, threads);
    }

    private static Work IvfPqSearch(DataSet data, int lists, int subquantizers, int probes, int threads) =>
        new($"{data.Name}, IVF{lists},PQ{subquantizers}: search, {probes} {(probes == 1 ? "probe" : "probes")}", new Request(TaskKind.IvfPqSearch, data)
        {
            Lists = lists,
            Subquantizers = subquantizers,
            Probes = probes,
            Threads = threads,
        });

    private static Work TwoThreads(Work work) => work with
    {
        Title = work.Request.Task == TaskKind.KMeans ? $"k-means, {work.Title}" : work.Title,
        AgainstOneThread = true,
    };
}
