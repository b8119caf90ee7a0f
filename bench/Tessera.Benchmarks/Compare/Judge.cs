using System.Globalization;
using Tessera.Benchmarks.Data;
using Tessera.Clustering;
using Tessera.Quantization;
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
        TaskKind.FlatBatch or TaskKind.IvfSearch or TaskKind.GraphSearch or TaskKind.ScalarScan => Text($"recall {Recall(request, replies[0].Ids):0.000}"),
        TaskKind.Balanced => Text($"inertia {Clock.Median(replies.Select(reply => Cost(request, new Matrix(reply.Centroids, request.Part.Dimension), reply.Ids))):0.0000e0}, {Sizes(request, replies[0].Ids)}"),
        TaskKind.BalancedAssign => Text($"cost {Cost(request, request.Part.Slice(0, request.Clusters), replies[0].Ids):0.000000e0}, {Sizes(request, replies[0].Ids)}"),
        TaskKind.Mixture => Text($"log-likelihood {Clock.Median(replies.Select(reply => reply.Value)):0.000}"),
        TaskKind.Rotation => Text($"error {Clock.Median(replies.Select(reply => CodingError(request, reply.Centroids))):0.0000e0}"),
        TaskKind.Residual => Text($"error {Clock.Median(replies.Select(reply => ResidualError(request, reply.Centroids))):0.0000e0}"),
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

    /// <summary>Sum of the squared distances of vectors to the centroids that they were given to.</summary>
    private static double Cost(Request request, Matrix centroids, int[] clusters)
    {
        Matrix vectors = request.Part;
        return clusters.Select((cluster, i) => ExactNeighbours.Distance(vectors[i], centroids[cluster])).Sum();
    }

    private static string Sizes(Request request, int[] clusters)
    {
        int[] sizes = [.. Enumerable.Range(0, request.Clusters).Select(cluster => clusters.AsSpan().Count(cluster))];
        return Text($"sizes {sizes.Min()} to {sizes.Max()}");
    }

    /// <summary>Mean squared error of Tessera's product codes of rotated vectors, decoded and rotated back.</summary>
    private static double CodingError(Request request, float[] matrix)
    {
        Matrix vectors = request.Part;
        var rotation = new Rotation(new Matrix(matrix, vectors.Dimension));
        Matrix rotated = rotation.Apply(vectors);
        var quantizer = new ProductQuantizer(rotated.Dimension, request.Parts);
        quantizer.Train(rotated);
        var codes = new byte[vectors.Rows * quantizer.CodeSize];
        quantizer.Encode(rotated, codes);
        var decoded = new float[rotated.Span.Length];
        quantizer.Decode(codes, decoded);
        Matrix back = rotation.Reverse(new Matrix(decoded, rotated.Dimension));
        return Enumerable.Range(0, vectors.Rows).Average(i => ExactNeighbours.Distance(vectors[i], back[i]));
    }

    /// <summary>Mean squared error of the codes that take the nearest entry on each level.</summary>
    private static double ResidualError(Request request, float[] codebooks)
    {
        Matrix vectors = request.Part;
        var quantizer = new ResidualQuantizer(vectors.Dimension, request.Parts);
        quantizer.SetCodebooks(codebooks);
        var codes = new byte[vectors.Rows * quantizer.CodeSize];
        quantizer.Encode(vectors, codes);
        var decoded = new float[vectors.Dimension];
        return Enumerable.Range(0, vectors.Rows).Average(i =>
        {
            quantizer.Decode(codes.AsSpan(i * quantizer.CodeSize, quantizer.CodeSize), decoded);
            return ExactNeighbours.Distance(vectors[i], decoded);
        });
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
