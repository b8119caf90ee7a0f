using Tessera.Attention.Configuration;
using Tessera.Attention.Indexes;
using Tessera.Attention.Scoring;
using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention;

/// <content>What calls are refused for, before anything changes.</content>
public sealed partial class HiraCache
{
    private void RequireLayer(int layer)
    {
        if (layer < 0 || layer >= Options.MaxLayers)
            throw new ArgumentOutOfRangeException(nameof(layer), layer, $"A layer must be 0 to {Options.MaxLayers - 1} (HiraCacheOptions.MaxLayers).");
    }

    private void CheckUpdate(HeadTensor keys, HeadTensor values, int layer, ReadOnlySpan<int> lengths, int? position)
    {
        RequireLayer(layer);
        if (keys.Batch < 1 || keys.Heads < 1)
            throw new ArgumentException($"Keys of the shape {keys.Shape} have no text or no head.", nameof(keys));
        if (keys.Batch != values.Batch || keys.Heads != values.Heads || keys.Sequence != values.Sequence || keys.Dimension != values.Dimension)
            throw new ArgumentException($"Values have the shape {values.Shape}, but keys {keys.Shape}; they must be the same.", nameof(values));
        if (keys.Dimension > RowLayout.MostDimension)
            throw new ArgumentException($"The dimension is {keys.Dimension}; heads have at most {RowLayout.MostDimension} numbers.", nameof(keys));
        if (ConfigOf(layer) is ProductQuantizationIndexConfig { NumSubquantizers: int parts } && keys.Dimension % parts != 0)
            throw new ArgumentException($"The dimension {keys.Dimension} cannot be cut into {parts} subquantizers; choose a number that divides it.", nameof(keys));
        if (_layout is not null && _layout.Dimension != keys.Dimension && _layers.Any(index => index is not null))
            throw new ArgumentException($"The dimension is {keys.Dimension}, but this cache holds heads of dimension {_layout.Dimension}.", nameof(keys));
        LayerIndex? index = GetIndex(layer);
        if (index is not null && (index.Batch != keys.Batch || index.Heads != keys.Heads))
            throw new ArgumentException($"Keys have the shape {keys.Shape}, but layer {layer} holds {index.Batch} text(s) of {index.Heads} head(s).", nameof(keys));
        RequireLengths(keys, lengths);
        for (int batch = 0; batch < keys.Batch; batch++)
        {
            int tokens = lengths.IsEmpty ? keys.Sequence : lengths[batch];
            int held = index?.Store(batch, 0).Length ?? 0;
            if (position is { } place && place != held)
                throw new ArgumentException($"The update starts at token {place}, but layer {layer} holds {held} tokens of text {batch}: after a crop or reset go on from there.", nameof(position));
            if (tokens > int.MaxValue / 2 - held)
                throw new ArgumentException($"Text {batch} would grow beyond {int.MaxValue / 2} tokens.", nameof(keys));
        }

        float largest = Format == KeyFormat.F16 ? 65504f : 1e15f;
        RequireFinite(keys, lengths, largest, nameof(keys));
        RequireFinite(values, lengths, largest, nameof(values));
    }

    private LayerIndex CheckAttend(HeadTensor queries, int layer, Span<float> output, AttendOptions options, Span<HeadReport> reports, ReadOnlySpan<int> lengths)
    {
        options.Validate();
        LayerIndex index = GetIndex(layer) ?? throw new InvalidOperationException($"Layer {layer} is empty: update it before attending.");
        if (queries.Dimension != _layout!.Dimension)
            throw new ArgumentException($"Queries have the dimension {queries.Dimension}, but keys {_layout.Dimension}.", nameof(queries));
        if (queries.Batch != index.Batch)
            throw new ArgumentException($"Queries have the shape {queries.Shape}, but layer {layer} holds {index.Batch} text(s).", nameof(queries));
        if (queries.Heads < 1 || queries.Heads % index.Heads != 0)
            throw new ArgumentException($"{queries.Heads} query heads are no multiple of the {index.Heads} key heads of layer {layer}.", nameof(queries));
        long rows = (long)queries.Batch * queries.Heads * queries.Sequence;
        if (output.Length != rows * queries.Dimension)
            throw new ArgumentException($"The output has {output.Length} numbers; for queries of the shape {queries.Shape} it takes {rows * queries.Dimension}.", nameof(output));
        if (!reports.IsEmpty && reports.Length != rows)
            throw new ArgumentException($"There is room for {reports.Length} reports; queries of the shape {queries.Shape} give {rows}.", nameof(reports));
        if (options.Mode == AttentionMode.Quantized && index.Config is not ProductQuantizationIndexConfig)
            throw new ArgumentException($"Quantized mode needs a product quantization index; that of layer {layer} is {index.Config.IndexType}.", nameof(options));
        RequireLengths(queries, lengths);
        for (int batch = 0; batch < queries.Batch; batch++)
        {
            HeadStore store = index.Store(batch, 0);
            int count = lengths.IsEmpty ? queries.Sequence : lengths[batch];
            if (store.Keys == 0 && count > 0)
                throw new InvalidOperationException($"Layer {layer} holds no token of text {batch}: update it before attending.");
            if (options.Causal && count > store.Length)
                throw new ArgumentException($"There are {count} causal queries, but layer {layer} holds {store.Length} tokens of text {batch}: update it with their keys first.", nameof(queries));
            if (options.Causal && count > 0 && new HeadPrefix(store, store.Length - count + 1).Keys == 0)
                throw new InvalidOperationException($"All tokens of text {batch} that its first query may see were evicted from layer {layer}.");
        }

        RequireFinite(queries, lengths, 1e15f, nameof(queries));
        return index;
    }

    private static void RequireLengths(HeadTensor tensor, ReadOnlySpan<int> lengths)
    {
        if (!lengths.IsEmpty && lengths.Length != tensor.Batch)
            throw new ArgumentException($"{lengths.Length} lengths for {tensor.Batch} texts.", nameof(lengths));
        for (int batch = 0; batch < lengths.Length; batch++)
        {
            if (lengths[batch] < 0 || lengths[batch] > tensor.Sequence)
                throw new ArgumentOutOfRangeException(nameof(lengths), lengths[batch], $"Length {batch} must be 0 to {tensor.Sequence}, the tokens that are given.");
        }
    }

    private static void RequireFinite(HeadTensor tensor, ReadOnlySpan<int> lengths, float largest, string name)
    {
        for (int batch = 0; batch < tensor.Batch; batch++)
        {
            for (int head = 0; head < tensor.Heads; head++)
            {
                int tokens = lengths.IsEmpty ? tensor.Sequence : lengths[batch];
                for (int token = 0; token < tokens; token++)
                {
                    int at = Finite.FirstBeyond(tensor[batch, head, token], largest);
                    if (at >= 0)
                        throw new ArgumentException($"Number {at} of text {batch}, head {head}, token {token} is {tensor[batch, head, token][at]}; numbers must be finite and at most {largest} in size.", name);
                }
            }
        }
    }
}
