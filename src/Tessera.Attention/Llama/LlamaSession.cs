using Tessera.Kernels;

namespace Tessera.Attention.Llama;

/// <summary>
/// A text in the making: token after token goes through the model, whose attention reads a <see cref="HiraCache"/>. Once the
/// first token is through, a token allocates nothing but what the cache itself may.
/// </summary>
public sealed class LlamaSession
{
    private readonly LlamaModel _model;
    private readonly float[] _state;
    private readonly float[] _normed;
    private readonly float[] _queries;
    private readonly float[] _keys;
    private readonly float[] _values;
    private readonly float[] _attended;
    private readonly float[] _gate;
    private readonly float[] _up;
    private readonly float[] _logits;
    private readonly HeadReport[] _reports;

    /// <summary>Starts with whatever the cache holds: an empty one for a new text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cache">A cache of one text.</param>
    /// <param name="options">How attention is computed; null for the defaults.</param>
    public LlamaSession(LlamaModel model, HiraCache cache, AttendOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(cache);
        _model = model;
        Cache = cache;
        Options = options ?? AttendOptions.Default;
        LlamaShape shape = model.Shape;
        _state = new float[shape.Dimension];
        _normed = new float[shape.Dimension];
        _queries = new float[shape.Dimension];
        _attended = new float[shape.Dimension];
        _keys = new float[shape.KeyDimension];
        _values = new float[shape.KeyDimension];
        _gate = new float[shape.HiddenDimension];
        _up = new float[shape.HiddenDimension];
        _logits = new float[shape.Vocabulary];
        _reports = new HeadReport[shape.QueryHeads];
    }

    /// <summary>The keys and values of all layers.</summary>
    public HiraCache Cache { get; }

    /// <summary>How attention is computed.</summary>
    public AttendOptions Options { get; }

    /// <summary>Tokens so far.</summary>
    public int Position => Cache.GetSeqLength();

    /// <summary>Keys and means that attention scored, over all tokens, layers and query heads.</summary>
    public long Scored { get; private set; }

    /// <summary>Keys that dense attention would have scored.</summary>
    public long Scorable { get; private set; }

    /// <summary>Takes one token; returns the logits of the next, which stay until the next call.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    /// <exception cref="InvalidOperationException">The text has as many tokens as the model's context.</exception>
    public ReadOnlySpan<float> Next(int token)
    {
        LlamaShape shape = _model.Shape;
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, shape.Vocabulary);
        int position = Position;
        if (position >= shape.Context)
            throw new InvalidOperationException($"The text has {position} tokens, which is all that the model's context holds.");
        Row(_model.Embeddings, token, shape.Dimension).CopyTo(_state);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            Attend(layer, position);
            FeedForward(layer);
        }

        Normalise(_state, _model.FinalNorm.Span, _state);
        Distance.Dots(_state, _model.Classifier.Span, _logits);
        return _logits;
    }

    private void Attend(int layer, int position)
    {
        LlamaShape shape = _model.Shape;
        int dimension = shape.Dimension, head = shape.HeadDimension;
        Normalise(_state, Row(_model.AttentionNorms, layer, dimension), _normed);
        Distance.Dots(_normed, Row(_model.QueryWeights, layer, dimension * dimension), _queries);
        Distance.Dots(_normed, Row(_model.KeyWeights, layer, shape.KeyDimension * dimension), _keys);
        Distance.Dots(_normed, Row(_model.ValueWeights, layer, shape.KeyDimension * dimension), _values);
        Rotate(_queries, position, head);
        Rotate(_keys, position, head);
        Cache.Update(new HeadTensor(_keys, 1, shape.KeyHeads, 1, head), new HeadTensor(_values, 1, shape.KeyHeads, 1, head), layer);
        Cache.Attend(new HeadTensor(_queries, 1, shape.QueryHeads, 1, head), layer, _normed, Options, _reports);
        foreach (HeadReport report in _reports)
        {
            Scored += report.KeysScored + report.ClustersScored;
            Scorable += report.Keys;
        }

        Distance.Dots(_normed, Row(_model.OutputWeights, layer, dimension * dimension), _attended);
        for (int d = 0; d < dimension; d++)
            _state[d] += _attended[d];
    }

    private void FeedForward(int layer)
    {
        LlamaShape shape = _model.Shape;
        int dimension = shape.Dimension, size = shape.HiddenDimension * dimension;
        Normalise(_state, Row(_model.FeedForwardNorms, layer, dimension), _normed);
        Distance.Dots(_normed, Row(_model.GateWeights, layer, size), _gate);
        Distance.Dots(_normed, Row(_model.UpWeights, layer, size), _up);
        for (int d = 0; d < _gate.Length; d++)
            _gate[d] *= _up[d] / (1 + MathF.Exp(-_gate[d]));
        Distance.Dots(_gate, Row(_model.DownWeights, layer, size), _attended);
        for (int d = 0; d < dimension; d++)
            _state[d] += _attended[d];
    }

    /// <summary>Root mean square normalisation.</summary>
    private static void Normalise(ReadOnlySpan<float> state, ReadOnlySpan<float> weights, Span<float> target)
    {
        float scale = 1 / MathF.Sqrt(Distance.Dot(state, state) / state.Length + 1e-5f);
        for (int d = 0; d < state.Length; d++)
            target[d] = weights[d] * (scale * state[d]);
    }

    /// <summary>Rotary embedding: every pair of numbers of a head turns by an angle in proportion to the place.</summary>
    private static void Rotate(Span<float> heads, int position, int headDimension)
    {
        for (int i = 0; i < heads.Length; i += 2)
        {
            float angle = position / MathF.Pow(10000, i % headDimension / (float)headDimension);
            (float sine, float cosine) = MathF.SinCos(angle);
            (heads[i], heads[i + 1]) = (heads[i] * cosine - heads[i + 1] * sine, heads[i] * sine + heads[i + 1] * cosine);
        }
    }

    private static ReadOnlySpan<float> Row(ReadOnlyMemory<float> rows, int row, int length) => rows.Span.Slice(row * length, length);
}
