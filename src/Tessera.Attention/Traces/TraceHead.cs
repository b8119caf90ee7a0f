using Tessera.Vectors;

namespace Tessera.Attention.Traces;

/// <summary>
/// One key head of a trace. A key is the sum of
/// an offset that all keys share (it cancels in the softmax, as in real heads, where it is large);
/// the centre of the topic that the text is at, which drifts as the text goes on;
/// a part of its own; and a phase that turns slowly with the place, which is what makes near keys alike.
/// The first tokens are sinks: long keys that every query likes, with values near zero.
/// Numbers differ in scale from dimension to dimension, and keys in length, both log-normally.
/// A query wants one topic, the near past and the sinks, each to a degree that is the head's own: the first heads look
/// sharply at few keys, the last ones at everything.
/// </summary>
internal sealed class TraceHead
{
    private const int SinkTokens = 4;
    private const int MeanRun = 64;
    private const int TokensPerTopic = 512;

    private readonly KvTraceOptions _options;
    private readonly int _head;
    private readonly int _topics;
    private readonly float _sharpness;
    private readonly float[] _offset;
    private readonly float[] _scales;
    private readonly float[] _sink;
    private readonly float[][] _centres;
    private readonly float[][] _drifts;
    private readonly float[][] _meanings;
    private readonly int[] _topicOf;
    private readonly int _needle;

    public TraceHead(KvTraceOptions options, int head)
    {
        (_options, _head) = (options, head);
        var random = new SeededRandom(options.Seed, (ulong)head);
        int dimension = options.Dimension;
        _topics = Math.Max(8, options.Tokens / TokensPerTopic);
        _sharpness = 1 - 0.5f * head / Math.Max(1, options.KeyHeads - 1);
        _offset = Normals(ref random, 2f);
        _scales = new float[dimension];
        for (int d = 0; d < dimension; d++)
            _scales[d] = (float)Math.Exp(0.5 * random.NextNormal());
        _sink = Normals(ref random, 1f);
        _centres = Many(ref random, _topics, 1f);
        _drifts = Many(ref random, _topics, 0.5f);
        _meanings = Many(ref random, _topics, 1f);
        _topicOf = Runs(ref random);
        _needle = options.Tokens / 8 + random.Next(options.Tokens / 2);
    }

    /// <summary>Keys and values of all tokens.</summary>
    public (Matrix Keys, Matrix Values) Tokens()
    {
        int dimension = _options.Dimension, tokens = _options.Tokens;
        var random = new SeededRandom(_options.Seed, 1000 + (ulong)_head);
        var keys = new float[tokens * dimension];
        var values = new float[tokens * dimension];
        for (int token = 0; token < tokens; token++)
        {
            Span<float> key = keys.AsSpan(token * dimension, dimension), value = values.AsSpan(token * dimension, dimension);
            if (_options.Kind == TraceKind.Uniform)
                Uniform(ref random, key, value);
            else
                Token(ref random, token, key, value);
        }

        return (new Matrix(keys, dimension), new Matrix(values, dimension));
    }

    /// <summary>The queries of one query head of the group.</summary>
    public Matrix Queries(int member)
    {
        int dimension = _options.Dimension;
        var random = new SeededRandom(_options.Seed, 2000 + (ulong)(_head * 64 + member));
        var queries = new float[_options.Queries * dimension];
        for (int i = 0; i < _options.Queries; i++)
        {
            Span<float> query = queries.AsSpan(i * dimension, dimension);
            if (_options.Kind == TraceKind.Uniform)
            {
                for (int d = 0; d < dimension; d++)
                    query[d] = (float)random.NextNormal();
            }
            else
            {
                Query(ref random, query);
            }
        }

        return new Matrix(queries, dimension);
    }

    private static void Uniform(ref SeededRandom random, Span<float> key, Span<float> value)
    {
        for (int d = 0; d < key.Length; d++)
        {
            key[d] = Fast(ref random);
            value[d] = Fast(ref random);
        }
    }

    private void Token(ref SeededRandom random, int token, Span<float> key, Span<float> value)
    {
        int topic = _topicOf[token];
        bool isSink = token < SinkTokens;
        float progress = (float)token / _options.Tokens;
        float length = MathF.Exp(0.15f * Fast(ref random)), own = _options.Kind == TraceKind.Aggregation ? 0.3f : 0.45f;
        for (int d = 0; d < key.Length; d++)
        {
            float centre = _centres[topic][d] + progress * _drifts[topic][d];
            float content = isSink ? 3 * _sink[d] : length * (centre + own * Fast(ref random));
            key[d] = _scales[d] * (_offset[d] + content + (IsPhase(d) ? 2 * Phase(token, d) : 0));
            value[d] = isSink ? 0.02f * Fast(ref random) : _meanings[topic][d] + 0.7f * Fast(ref random);
        }

        if (_options.Kind == TraceKind.Needle && token == _needle)
        {
            for (int d = 0; d < key.Length; d++)
            {
                key[d] = _scales[d] * (_offset[d] - 2.5f * _sink[d]);
                value[d] = 4 * _meanings[0][(d + 1) % key.Length];
            }
        }
    }

    /// <summary>In the keys' own scales divided out, so that a part of the query meets the same part of the keys.</summary>
    private void Query(ref SeededRandom random, Span<float> query)
    {
        int last = _options.Tokens - 1, topic = random.NextDouble() < 0.5 ? _topicOf[last] : _topicOf[random.Next(_options.Tokens)];
        // Products of centres with themselves are about the dimension; the root is divided by again in attention.
        float root = MathF.Sqrt(query.Length);
        float towards = _options.Kind == TraceKind.Aggregation ? 1.5f : 4 + 5 * _sharpness;
        for (int d = 0; d < query.Length; d++)
        {
            float centre = _centres[topic][d] + 0.5f * _drifts[topic][d];
            float wanted = _options.Kind == TraceKind.Needle ? -6f * _sink[d] : towards * centre + (2 + 2 * _sharpness) * 0.6f * _sink[d];
            float local = IsPhase(d) ? 3 * Phase(last, d) : 0;
            query[d] = (wanted + local + 0.7f * Fast(ref random)) / root / _scales[d];
        }
    }

    /// <summary>A quarter of the dimensions carry the place.</summary>
    private static bool IsPhase(int dimension) => dimension % 4 == 3;

    /// <summary>Pairs of phases with wavelengths from 32 tokens up, as rotary embeddings have them.</summary>
    private float Phase(int token, int dimension)
    {
        int pair = dimension / 8, pairs = Math.Max(1, _options.Dimension / 8);
        double wavelength = 32 * Math.Pow(_options.Tokens / 32.0, (double)pair / pairs);
        double angle = 2 * Math.PI * token / wavelength;
        return (float)(dimension / 4 % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle));
    }

    /// <summary>The topic of each token: runs of some length, topics of unequal frequency.</summary>
    private int[] Runs(ref SeededRandom random)
    {
        var topics = new int[_options.Tokens];
        int topic = 0;
        for (int token = 0; token < topics.Length; token++)
        {
            if (token == 0 || random.NextDouble() < 1.0 / MeanRun)
            {
                // Frequencies fall as in Zipf's law, cut off at the top.
                double u = random.NextDouble();
                topic = (int)(_topics * u * Math.Sqrt(u));
            }

            topics[token] = topic;
        }

        return topics;
    }

    private float[][] Many(ref SeededRandom random, int count, float scale)
    {
        var many = new float[count][];
        for (int i = 0; i < count; i++)
            many[i] = Normals(ref random, scale);
        return many;
    }

    private float[] Normals(ref SeededRandom random, float scale)
    {
        var values = new float[_options.Dimension];
        for (int d = 0; d < values.Length; d++)
            values[d] = scale * (float)random.NextNormal();
        return values;
    }

    /// <summary>Nearly normal, variance 1, by the sum of four uniform numbers of 16 bits.</summary>
    private static float Fast(ref SeededRandom random)
    {
        ulong bits = random.NextUInt64();
        uint sum = (ushort)bits + (uint)(ushort)(bits >> 16) + (ushort)(bits >> 32) + (uint)(ushort)(bits >> 48);
        return (sum - 131070f) * (1 / 37837.2f);
    }
}
