using System.Globalization;
using Tessera.Benchmarks.Data;
using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>Measures how good a result is, the same way for every library, whatever it says of itself.</summary>
internal static class Judge
{
    /// <summary>The quality of a reply for a person; empty where speed is all.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="reply">The reply to judge.</param>
    /// <param name="tessera">Tessera's reply to the same, to compare answers with.</param>
    public static string Describe(Request request, Reply reply, Reply tessera) => request.Task switch
    {
        TaskKind.KMeans => string.Create(CultureInfo.InvariantCulture, $"inertia {Inertia(request.Data.Base, reply.Centroids):0.0000e0}"),
        TaskKind.FlatBatch => ReferenceEquals(reply, tessera)
            ? Recall(request, reply)
            : string.Create(CultureInfo.InvariantCulture, $"{100 * SameAnswers(request, reply.Ids, tessera.Ids):0.##}% of Tessera's answers"),
        TaskKind.IvfPqSearch => Recall(request, reply),
        _ => "",
    };

    /// <summary>Sum of the squared distances of all vectors to the nearest of the centroids that came out.</summary>
    public static double Inertia(Matrix vectors, float[] centroids)
    {
        var nearest = new int[vectors.Rows];
        var distances = new float[vectors.Rows];
        using var assigner = new ProductAssigner(vectors, threads: 0);
        assigner.Nearest(new Matrix(centroids, vectors.Dimension), nearest, distances, CancellationToken.None);
        return distances.Sum(distance => (double)distance);
    }

    private static string Recall(Request request, Reply reply)
    {
        int k = request.Neighbours, found = 0;
        for (int query = 0; query < request.QueryCount; query++)
            found += reply.Ids.Skip(query * k).Take(k).Intersect(request.Data.Truth(query)[..k].ToArray()).Count();
        return string.Create(CultureInfo.InvariantCulture, $"recall {(double)found / (request.QueryCount * k):0.000}");
    }

    /// <summary>Share of answers that are among the other's, or as near as the other's last.</summary>
    private static double SameAnswers(Request request, int[] ids, int[] others)
    {
        int k = request.Neighbours, same = 0;
        for (int query = 0; query < request.QueryCount; query++)
        {
            int[] theirs = others[(query * k)..(query * k + k)];
            double last = theirs.Max(id => Distance(request.Data, query, id));
            same += ids.Skip(query * k).Take(k).Count(id => theirs.Contains(id) || Distance(request.Data, query, id) <= last);
        }

        return (double)same / (request.QueryCount * k);
    }

    private static double Distance(DataSet data, int query, int id) => ExactNeighbours.Distance(data.Queries[query], data.Base[id]);
}
