using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Colors.Indexes;

/// <summary>The true neighbours, by the distances that an <see cref="AnnIndex"/> estimates.</summary>
internal sealed class ExactSearch : IDisposable
{
    private readonly FlatIndex _flat = new(ColorConfig.TOTAL_BINS);

    public ExactSearch(Matrix vectors, ReadOnlySpan<long> ids) => _flat.Add(AnnIndex.Smooth(vectors), ids);

    public void Dispose() => _flat.Dispose();

    public long[] Nearest(ReadOnlySpan<float> query, int count)
    {
        Span<float> smoothed = stackalloc float[ColorConfig.TOTAL_BINS];
        HistogramSmoothing.Apply(query, smoothed);
        var results = new Neighbor[(int)Math.Min(count, _flat.Count)];
        int found = _flat.Search(smoothed, results);
        return [.. results.Take(found).Select(result => result.Id)];
    }

    /// <summary>Share of the true neighbours that were found.</summary>
    public static double Recall(long[] truth, ReadOnlySpan<Neighbor> found)
    {
        int hits = 0;
        foreach (Neighbor neighbor in found)
            hits += Array.IndexOf(truth, neighbor.Id) >= 0 ? 1 : 0;
        return truth.Length == 0 ? 1 : (double)hits / truth.Length;
    }
}
