using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Data;

/// <summary>Nearest neighbours by L2 in double precision, ties to the lower number: the truth that recall is measured against.</summary>
internal static class ExactNeighbours
{
    /// <summary>Float32 may order near ties otherwise; among so many more than are wanted, the true ones are found.</summary>
    private const int Spare = 50;

    /// <returns>k ids for each query.</returns>
    public static int[] Find(Matrix vectors, Matrix queries, int k)
    {
        int candidates = Math.Min(k + Spare, vectors.Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, candidates);
        using var index = new FlatIndex(vectors.Dimension);
        index.Add(vectors);
        var found = new Neighbor[queries.Rows * candidates];
        index.Search(queries, candidates, found);
        var truth = new int[queries.Rows * k];
        for (int query = 0; query < queries.Rows; query++)
        {
            found.Skip(query * candidates).Take(candidates)
                .Select(neighbor => (Distance: Distance(queries[query], vectors[(int)neighbor.Id]), Id: (int)neighbor.Id))
                .Order()
                .Take(k)
                .Select(neighbor => neighbor.Id)
                .ToArray()
                .CopyTo(truth, query * k);
        }

        return truth;
    }

    /// <summary>Squared Euclidean distance in double precision.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }
}
