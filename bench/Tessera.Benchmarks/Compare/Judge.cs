using System.Globalization;
using Tessera.Benchmarks.Data;
using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>Measures how good a result is, the same way for every library, whatever it says of itself.</summary>
internal static class Judge
{
    /// <summary>The quality of a library's replies for a person; empty where speed is all.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="replies">One a round; k-means starts from other vectors in each, searches find the same in all.</param>
    /// <param name="tessera">Tessera's replies to the same, to compare answers with.</param>
    public static string Describe(Request request, IReadOnlyList<Reply> replies, IReadOnlyList<Reply> tessera) => request.Task switch
    {
        TaskKind.KMeans => Text($"inertia {Clock.Median(replies.Select(reply => Inertia(request.Data.Base, reply.Centroids))):0.0000e0}"),
        TaskKind.FlatBatch when replies != tessera => Text($"{100 * SameAnswers(request, replies[0].Ids, tessera[0].Ids):0.##}% of Tessera's answers"),
        TaskKind.FlatBatch or TaskKind.IvfSearch or TaskKind.GraphSearch => Text($"recall {Recall(request, replies[0].Ids):0.000}"),
        _ => "",
    };

    /// <summary>Share of the true k nearest that are among the k found.</summary>
    public static double Recall(Request request, int[] ids)
    {
        int k = request.Neighbours, found = 0;
        for (int query = 0; query < request.QueryCount; query++)
            found += ids.Skip(query * k).Take(k).Intersect(request.Data.Truth(query)[..k].ToArray()).Count();
        return (double)found / (request.QueryCount * k);
    }

    /// <summary>Sum of the squared distances of all vectors to the nearest of the centroids that came out.</summary>
    private static double Inertia(Matrix vectors, float[] centroids)
    {
        var nearest = new int[vectors.Rows];
        var distances = new float[vectors.Rows];
        using var assigner = new ProductAssigner(vectors, threads: 0);
        assigner.Nearest(new Matrix(centroids, vectors.Dimension), nearest, distances, CancellationToken.None);
        return distances.Sum(distance => (double)distance);
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

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
