using Tessera.Attention.Storage;

namespace Tessera.Attention.Scoring;

/// <summary>The arguments of one call, pinned, so that threads may share them.</summary>
/// <param name="queries">[batch, query heads, sequence, dimension].</param>
/// <param name="output">Of the same shape, dense.</param>
/// <param name="reports">One for each [batch, query head, sequence], or null.</param>
internal readonly unsafe struct AttendCall(PinnedTensor queries, float* output, HeadReport* reports)
{
    public PinnedTensor Queries => queries;

    public bool HasReports => reports != null;

    public Span<float> Output(int batch, int head, int token) =>
        new(output + Row(batch, head, token) * queries.Dimension, queries.Dimension);

    public ref HeadReport Report(int batch, int head, int token) => ref reports[Row(batch, head, token)];

    private long Row(int batch, int head, int token) => ((long)batch * queries.Heads + head) * queries.Sequence + token;
}
