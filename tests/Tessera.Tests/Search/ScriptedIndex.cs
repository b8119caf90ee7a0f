using Tessera.Indexes;
using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Search;

/// <summary>
/// An index that finds as many true neighbours as a test prescribes for each number of probes, or length of the beam. Query q is the vector (q), and its true
/// neighbours are q * K to q * K + K - 1.
/// </summary>
internal sealed class ScriptedIndex(int lists, int k, Func<int, int> hitsAt, SearchKnob knob = SearchKnob.Probes) : VectorIndex(1, Metric.L2)
{
    public List<int> BatchSizes { get; } = [];

    public override string Specification => "Scripted";

    public override bool IsTrained => true;

    public override int Lists => lists;

    public override SearchKnob Knob => knob;

    public override MemoryUsage Memory => new(0, 4, 4, 0);

    public static Matrix Queries(int count) => new(Enumerable.Range(0, count).Select(i => (float)i).ToArray(), 1);

    public GroundTruth Truth(int queries) => new(Enumerable.Range(0, queries * k).Select(i => (long)i).ToArray(), k);

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options)
    {
        BatchSizes.Add(1);
        Answer(query, results, Setting(options));
        return results.Length;
    }

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        BatchSizes.Add(queries.Rows);
        for (int i = 0; i < queries.Rows; i++)
            Answer(queries[i], results.Span.Slice(i * k, k), Setting(options));
    }

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private protected override Catalog Catalog { get; } = Catalog.Of(1_000_000, default);

    private protected override void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private protected override void Show(Catalog next) => throw new NotSupportedException();

    private protected override void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private protected override VectorIndex EmptyTwin() => throw new NotSupportedException();

    private protected override string? DifferenceFrom(VectorIndex other) => throw new NotSupportedException();

    private protected override void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override void Save(string path) => throw new NotSupportedException();

    private int Setting(SearchOptions options) => knob switch
    {
        SearchKnob.EfSearch => options.EfSearch,
        SearchKnob.Beam => options.Beam,
        _ => options.Probes,
    };

    private void Answer(ReadOnlySpan<float> query, Span<Neighbor> results, int probes)
    {
        int hits = hitsAt(probes);
        for (int i = 0; i < results.Length; i++)
            results[i] = i < hits ? new Neighbor((long)query[0] * k + k - 1 - i, i) : new Neighbor(Count - 1 - i, i);
    }
}
