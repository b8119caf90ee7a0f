// Ten thousand vectors around a hundred centres, in three indexes: how much memory each takes, and how much it finds.
using Tessera.Clustering;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

const int Dimension = 64, Count = 10_000, Queries = 200, K = 10;
Matrix vectors = Around(centres: 100, Count, seed: 1), queries = Around(centres: 100, Queries, seed: 2);

KMeansResult clusters = KMeans.Fit(vectors, new KMeansOptions { Clusters = 100 });
Console.WriteLine($"k-means: inertia {clusters.Inertia:F0} after {clusters.Iterations} iterations");

Neighbor[]? truth = null;
truth = Search("Flat");
foreach (string specification in (string[])["IVF64,PQ16", "IVF64,PQ16,Refine", "HNSW16"])
    Search(specification);

Neighbor[] Search(string specification)
{
    using VectorIndex index = IndexFactory.Create(specification, Dimension, Metric.L2);
    index.Train(vectors);
    index.Add(vectors);
    var found = new Neighbor[Queries * K];
    index.Search(queries, K, found);
    double recall = truth is null ? 1 : Enumerable.Range(0, Queries).Average(query =>
        found.AsSpan(query * K, K).ToArray().Select(neighbor => neighbor.Id)
            .Intersect(truth.AsSpan(query * K, K).ToArray().Select(neighbor => neighbor.Id)).Count() / (double)K);
    Console.WriteLine($"{index.Specification,-18} {index.Memory.MeasuredBytesPerVector,5:F0} bytes a vector, recall@{K} {recall:F3}");
    return found;
}

static Matrix Around(int centres, int count, int seed)
{
    var ofCentres = new Random(0);
    float[] centre = [.. Enumerable.Range(0, centres * Dimension).Select(_ => ofCentres.NextSingle())];
    var random = new Random(seed);
    var values = new float[count * Dimension];
    for (int i = 0; i < count; i++)
    {
        int own = random.Next(centres);
        for (int d = 0; d < Dimension; d++)
            values[i * Dimension + d] = centre[own * Dimension + d] + 0.3f * (random.NextSingle() - 0.5f);
    }

    return new Matrix(values, Dimension);
}
