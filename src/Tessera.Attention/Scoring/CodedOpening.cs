using Tessera.Attention.Kernels;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;
using Tessera.Kernels;

namespace Tessera.Attention.Scoring;

/// <summary>
/// Opens chosen clusters by the codes of their keys: the keys with the largest estimated weights are scored exactly, and what
/// is left of each cluster enters as one more estimate, with the sum of its estimated weights and the mean of its values.
/// Inner products are linear, so a key's estimated score is that of its cluster's mean and one table entry for each part of
/// its residual.
/// </summary>
internal sealed unsafe class CodedOpening : IDisposable
{
    private readonly PriorityBins _bins = new();
    private readonly AttentionKernel _floats = AttentionKernel.For(KeyFormat.F32);
    private AlignedBuffer<float> _tables = new(0);
    private AlignedBuffer<float> _estimates = new(0);
    private AlignedBuffer<float> _weights = new(0);
    private AlignedBuffer<byte> _gathered = new(0);
    private AlignedBuffer<float> _rests = new(0);
    private AlignedBuffer<float> _restScores = new(0);
    private float[] _value = [];
    private float[] _shift = [];
    private KeyCodebooks? _tabled;

    /// <summary>Opens the chosen clusters of segments that have codes; returns how many keys were scored exactly.</summary>
    public int Open(RowLayout layout, Frontier frontier, OnlineSoftmax softmax, double share)
    {
        int keys = Estimate(frontier, softmax);
        if (keys == 0)
            return 0;
        int threshold = Threshold(keys, (int)Math.Ceiling(share * keys), softmax.Group);
        return Score(layout, frontier, softmax, keys, threshold);
    }

    public void Dispose()
    {
        _tables.Dispose();
        _estimates.Dispose();
        _weights.Dispose();
        _gathered.Dispose();
        _rests.Dispose();
        _restScores.Dispose();
    }

    /// <summary>The estimated scores of all keys in the chosen clusters, those of one query after those of another; returns how many keys there are.</summary>
    private int Estimate(Frontier frontier, OnlineSoftmax softmax)
    {
        int keys = 0;
        foreach (LevelView view in frontier.Views)
        {
            Span<ClusterState> states = frontier.States(view);
            for (int i = 0; i < states.Length; i++)
                keys += IsCoded(view) && states[i] == ClusterState.Chosen ? view.Clusters.Nodes[i].Count : 0;
        }

        Room.Grow(ref _estimates, (long)keys * softmax.Group);
        int at = 0;
        _tabled = null;
        foreach (LevelView view in frontier.Views)
        {
            if (!IsCoded(view))
                continue;
            Tabulate(view.Segment, softmax);
            Span<ClusterState> states = frontier.States(view);
            for (int i = 0; i < states.Length; i++)
            {
                if (states[i] != ClusterState.Chosen)
                    continue;
                ClusterNode node = view.Clusters.Nodes[i];
                for (int g = 0; g < softmax.Group; g++)
                    Estimate(view.Segment, node, g, frontier.Scores(view)[(long)g * view.Slots + i], _estimates.Pointer + (long)g * keys + at);
                at += node.Count;
            }
        }

        return keys;
    }

    private void Estimate(Segment segment, ClusterNode node, int query, float score, float* target)
    {
        KeyCodebooks codebooks = segment.Codebooks!;
        int parts = codebooks.Parts, bits = codebooks.Bits, size = codebooks.CodeSize, mask = codebooks.Entries - 1;
        float* tables = _tables.Pointer + (long)query * parts * codebooks.Entries;
        byte* code = segment.Codes + (long)node.Start * size;
        for (int i = 0; i < node.Count; i++, code += size)
        {
            float sum = score;
            for (int part = 0, bit = 0; part < parts; part++, bit += bits)
            {
                int number = (*(ushort*)(code + (bit >> 3)) >> (bit & 7)) & mask;
                sum += tables[(part << bits) + number];
            }

            target[i] = sum;
        }
    }

    /// <summary>The products of all queries with all entries of the codebooks.</summary>
    private void Tabulate(Segment segment, OnlineSoftmax softmax)
    {
        KeyCodebooks codebooks = segment.Codebooks!;
        if (ReferenceEquals(_tabled, codebooks))
            return;
        _tabled = codebooks;
        int entries = codebooks.Entries, sub = codebooks.SubDimension;
        Room.Grow(ref _tables, (long)softmax.Group * codebooks.Parts * entries);
        for (int g = 0; g < softmax.Group; g++)
        {
            for (int part = 0; part < codebooks.Parts; part++)
            {
                var query = new ReadOnlySpan<float>(softmax.Queries + g * softmax.Stride + part * sub, sub);
                Distance.Dots(query, codebooks.Part(part), _tables.Slice(((long)g * codebooks.Parts + part) * entries, entries));
            }
        }
    }

    /// <summary>The bin of weights from which on keys are scored exactly; each key counts with its largest weight over the queries.</summary>
    private int Threshold(int keys, int wanted, int group)
    {
        Room.Grow(ref _weights, keys);
        if (_shift.Length < group)
            _shift = new float[group];
        for (int g = 0; g < group; g++)
        {
            // Against the largest score, so that queries are comparable; e^-80 is still a number.
            float largest = float.NegativeInfinity;
            foreach (float estimate in _estimates.Slice((long)g * keys, keys))
                largest = MathF.Max(largest, estimate);
            _shift[g] = largest;
        }

        _bins.Clear();
        for (int i = 0; i < keys; i++)
        {
            float most = float.NegativeInfinity;
            for (int g = 0; g < group; g++)
                most = MathF.Max(most, _estimates.Pointer[(long)g * keys + i] - _shift[g]);
            float weight = MathF.Exp(MathF.Max(most, -80));
            _weights.Pointer[i] = weight;
            _bins.Add(weight, 1, weight);
        }

        return _bins.Threshold(ref wanted, 0);
    }

    private int Score(RowLayout layout, Frontier frontier, OnlineSoftmax softmax, int keys, int threshold)
    {
        int at = 0, scored = 0, gathered = 0, rests = 0, pitch = layout.Pitch;
        Room.Grow(ref _gathered, (long)AttentionKernel.Block * pitch);
        Room.Grow(ref _rests, (long)AttentionKernel.Block * softmax.Stride);
        Room.Grow(ref _restScores, (long)AttentionKernel.Block * softmax.Group);
        if (_value.Length < softmax.Stride)
            _value = new float[softmax.Stride];
        foreach (LevelView view in frontier.Views)
        {
            if (!IsCoded(view))
                continue;
            Span<ClusterState> states = frontier.States(view);
            for (int i = 0; i < states.Length; i++)
            {
                if (states[i] != ClusterState.Chosen)
                    continue;
                states[i] = ClusterState.Opened;
                ClusterNode node = view.Clusters.Nodes[i];
                Span<float> rest = _rests.Slice((long)rests * softmax.Stride, softmax.Stride);
                view.Clusters.ValueMeanSpan(i).CopyTo(rest);
                int left = node.Count;
                for (int key = 0; key < node.Count; key++)
                {
                    if (PriorityBins.Bin(_weights.Pointer[at + key]) < threshold)
                        continue;
                    byte* row = view.Segment.Row(node.Start + key);
                    Without(rest, row + layout.Half, layout, left--);
                    Buffer.MemoryCopy(row, _gathered.Pointer + (long)gathered++ * pitch, pitch, pitch);
                    scored++;
                    if (gathered == AttentionKernel.Block)
                        Flush(layout, softmax, ref gathered);
                }

                if (left > 0)
                {
                    for (int g = 0; g < softmax.Group; g++)
                        _restScores.Pointer[g * AttentionKernel.Block + rests] = RestScore(g, keys, at, node.Count, threshold);
                    if (++rests == AttentionKernel.Block)
                        FlushRests(softmax, ref rests);
                }

                at += node.Count;
            }
        }

        Flush(layout, softmax, ref gathered);
        FlushRests(softmax, ref rests);
        return scored;
    }

    /// <summary>The logarithm of the sum of the estimated weights of the keys that are not scored.</summary>
    private float RestScore(int query, int keys, int at, int count, int threshold)
    {
        float* estimates = _estimates.Pointer + (long)query * keys + at;
        float sum = 0;
        for (int i = 0; i < count; i++)
        {
            if (PriorityBins.Bin(_weights.Pointer[at + i]) < threshold)
                sum += MathF.Exp(estimates[i] - _shift[query]);
        }

        return MathF.Log(sum) + _shift[query];
    }

    /// <summary>Takes one value out of the mean of some.</summary>
    private void Without(Span<float> mean, byte* value, RowLayout layout, int count)
    {
        if (count == 1)
            return;
        layout.Read(value, _value.AsSpan(0, mean.Length));
        for (int d = 0; d < mean.Length; d++)
            mean[d] += (mean[d] - _value[d]) / (count - 1);
    }

    private void Flush(RowLayout layout, OnlineSoftmax softmax, ref int gathered)
    {
        if (gathered > 0)
            softmax.Add(layout.Kernel, _gathered.Pointer, gathered);
        gathered = 0;
    }

    private void FlushRests(OnlineSoftmax softmax, ref int rests)
    {
        if (rests > 0)
        {
            _restScores.Slice(0, AttentionKernel.Block * softmax.Group).CopyTo(new Span<float>(softmax.Scores, AttentionKernel.Block * softmax.Group));
            softmax.AddScored(_floats, (byte*)_rests.Pointer, softmax.Stride * sizeof(float), rests);
        }

        rests = 0;
    }

    private static bool IsCoded(LevelView view) => view.Level == 0 && view.Segment.Codebooks is not null;
}
