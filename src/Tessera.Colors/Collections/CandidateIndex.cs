using Tessera.Colors.Histograms;
using Tessera.Colors.Transport;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Colors.Collections;

/// <summary>Names images that may be like a query, by the codes of their histograms.</summary>
internal sealed class CandidateIndex : IDisposable
{
    private const int Block = 2048;
    private readonly VectorIndex _index;

    private CandidateIndex(VectorIndex index) => _index = index;

    public long MeasuredBytes => _index.Memory.MeasuredBytes;

    public string Description => _index.Specification;

    public static CandidateIndex Build(long[] ids, Func<int, ReadOnlyMemory<uint>> entriesOf, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        VectorIndex index = IndexFactory.Create(ids.Length >= 5000 ? "IVF100,PQ8" : "Flat", HistogramGrid.TotalBins);
        int wanted = Math.Min(ids.Length, 10_000);
        int[] sample = [.. Enumerable.Range(0, wanted).Select(i => (int)((long)i * ids.Length / wanted))];
        index.Train(VectorsOf(sample, entriesOf), null, progress, cancellationToken);
        for (int first = 0; first < ids.Length; first += Block)
        {
            int count = Math.Min(Block, ids.Length - first);
            index.Add(VectorsOf([.. Enumerable.Range(first, count)], entriesOf), ids.AsSpan(first, count), null, null, cancellationToken);
            progress?.Report(new TrainingProgress("index", first + count, ids.Length));
        }

        return new CandidateIndex(index);
    }

    public static CandidateIndex Open(string path) => new(VectorIndex.Open(path));

    public void Save(string path) => _index.Save(path);

    public void Update(ReadOnlySpan<long> ids, Func<int, ReadOnlyMemory<uint>> entriesOf)
    {
        for (int first = 0; first < ids.Length; first += Block)
        {
            int count = Math.Min(Block, ids.Length - first);
            _index.Update(VectorsOf([.. Enumerable.Range(first, count)], entriesOf), ids.Slice(first, count));
        }
    }

    public void Remove(ReadOnlySpan<long> ids) => _index.Remove(ids);

    public int Search(ReadOnlySpan<float> query, Span<Neighbor> results, SearchFilter? filter) =>
        _index.Search(query, results, new SearchOptions { Filter = filter, Probes = _index.Lists });

    public void Dispose() => _index.Dispose();

    private static Matrix VectorsOf(int[] rows, Func<int, ReadOnlyMemory<uint>> entriesOf)
    {
        var values = new float[rows.Length * HistogramGrid.TotalBins];
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> vector = values.AsSpan(i * HistogramGrid.TotalBins, HistogramGrid.TotalBins);
            SparseHistogram.Expand(entriesOf(rows[i]).Span, vector);
            foreach (ref float mass in vector)
                mass = MathF.Sqrt(mass);
        }

        return new Matrix(values, HistogramGrid.TotalBins);
    }
}
