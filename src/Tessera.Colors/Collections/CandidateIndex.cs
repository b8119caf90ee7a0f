using Tessera.Colors.Histograms;
using Tessera.Colors.Indexes;
using Tessera.Colors.Transport;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Colors.Collections;

/// <summary>Names images that may be like a query: an <see cref="AnnIndex"/> that is fed with sparse histograms.</summary>
internal sealed class CandidateIndex : IDisposable
{
    private const int Block = 4096;

    private readonly AnnIndex _index;

    private CandidateIndex(AnnIndex index) => _index = index;

    public string Description => _index.Inner!.Specification;

    /// <summary>Bytes of one image's code, and of the whole index in memory.</summary>
    public (double PerImage, long Measured) Bytes
    {
        get
        {
            IReadOnlyDictionary<string, double> usage = _index.GetMemoryUsageEstimate();
            return (usage["memory_per_vector"], (long)usage["measured_bytes"]);
        }
    }

    /// <summary>Trains on a part of the images and adds all of them, a block at a time.</summary>
    public static CandidateIndex Build(long[] ids, Func<int, ReadOnlyMemory<uint>> entriesOf, ColorConfig config, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var index = new AnnIndex(config);
        var random = new SeededRandom(42, 0xC01);
        index.Train(VectorsOf(random.Sample(config.TrainingSize(ids.Length), ids.Length), entriesOf), null, progress, cancellationToken);
        for (int first = 0; first < ids.Length; first += Block)
        {
            int count = Math.Min(Block, ids.Length - first);
            index.Add(VectorsOf([.. Enumerable.Range(first, count)], entriesOf), ids.AsSpan(first, count), null, null, cancellationToken);
            progress?.Report(new TrainingProgress("code images", first + count, ids.Length));
        }

        return new CandidateIndex(index);
    }

    public static CandidateIndex Open(string path) => new(AnnIndex.Open(path));

    public void Save(string path) => _index.Save(path);

    public void Update(ReadOnlySpan<long> ids, Func<int, ReadOnlyMemory<uint>> entriesOf)
    {
        for (int first = 0; first < ids.Length; first += Block)
        {
            int count = Math.Min(Block, ids.Length - first);
            _index.Update(VectorsOf([.. Enumerable.Range(first, count)], entriesOf), ids.Slice(first, count));
        }
    }

    public void Remove(ReadOnlySpan<long> ids)
    {
        if (ids.Length > 0)
            _index.Remove(ids);
    }

    /// <summary>Looks at all cells: of a query that leaves much open, none is the right one, and even a million codes take a millisecond.</summary>
    /// <param name="query">The root of each mass; below zero for what is unwanted.</param>
    /// <param name="results">Receives the candidates.</param>
    /// <param name="filter">Which may be.</param>
    public int Search(ReadOnlySpan<float> query, Span<Neighbor> results, SearchFilter? filter) => _index.Search(query, results, filter, _index.Config.Lists);

    public void Dispose() => _index.Dispose();

    /// <summary>Hellinger transforms of images.</summary>
    public static Matrix VectorsOf(int[] rows, Func<int, ReadOnlyMemory<uint>> entriesOf)
    {
        var values = new float[rows.Length * HistogramGrid.TotalBins];
        Parallel.For(0, rows.Length, i =>
        {
            Span<float> vector = values.AsSpan(i * HistogramGrid.TotalBins, HistogramGrid.TotalBins);
            SparseHistogram.Expand(entriesOf(rows[i]).Span, vector);
            ColorHistogram.ToHellinger(vector, vector);
        });
        return new Matrix(values, HistogramGrid.TotalBins);
    }
}
