using Tessera.Attention.Storage;

namespace Tessera.Attention.Scoring;

/// <summary>The arguments of one call, pinned, so that threads may share them.</summary>
/// <param name="queries">[batch, query heads, sequence, dimension].</param>
/// <param name="output">Of the same shape, dense.</param>
/// <param name="reports">One for each [batch, query head, sequence], or null.</param>
/// <param name="lengths">How many of the queries count for each text, or null when all do.</param>
internal readonly unsafe struct AttendCall(PinnedTensor queries, float* output, HeadReport* reports, int* lengths)
{
    public PinnedTensor Queries => queries;

    public bool HasReports => reports != null;

    /// <summary>Queries of a text.</summary>
    public int Count(int batch) => lengths == null ? queries.Sequence : lengths[batch];

    public Span<float> Output(int batch, int head, int token) =>
        new(output + Row(batch, head, token) * queries.Dimension, queries.Dimension);

    public ref HeadReport Report(int batch, int head, int token) => ref reports[Row(batch, head, token)];

    private long Row(int batch, int head, int token) => ((long)batch * queries.Heads + head) * queries.Sequence + token;
}
