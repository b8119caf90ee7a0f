namespace Tessera.Music.Retrieval;

/// <summary>
/// What one source expects: places that were found are blended from the longest context to the shortest, as in prediction by
/// partial matching (Cleary and Witten, 1984), where each length takes the share C / (C + k U) of what the longer ones left,
/// with C its places and U the different tokens behind them.
/// </summary>
internal sealed class Evidence(int vocabulary, int room)
{
    // Half a count for each different token: found on held-out drums, flat around it.
    private const float Escape = 0.5f;

    private readonly float[] _probability = new float[vocabulary];
    private readonly int[] _touched = new int[vocabulary];
    private readonly bool[] _seen = new bool[vocabulary];
    private readonly int[] _head = new int[ContextOrder.MaxDepth + 1];
    private readonly int[] _next = new int[room];
    private readonly float[] _share = new float[ContextOrder.MaxDepth + 1];
    private int _count;

    /// <summary>Tokens that are expected at all.</summary>
    public ReadOnlySpan<int> Tokens => _touched.AsSpan(0, _count);

    /// <summary>How many tokens the longest match shares with the context; 0 where there is none.</summary>
    public int Longest { get; private set; }

    /// <summary>The largest probability.</summary>
    public float Top { get; private set; }

    /// <summary>How much there is behind it, as a gate is told: log2(1 + places), or what the source says instead.</summary>
    public float Support { get; set; }

    /// <summary>The probability of a token.</summary>
    public float this[int token] => _probability[token];

    public void Clear()
    {
        foreach (int token in Tokens)
            (_probability[token], _seen[token]) = (0, false);
        _count = 0;
        Longest = 0;
        Top = 0;
    }

    /// <summary>Blends the places of this source; tokens below 0 are not of the vocabulary and do not count.</summary>
    public void Blend(ReadOnlySpan<ContextMatch> matches)
    {
        Clear();
        Array.Fill(_head, -1);
        for (int i = 0; i < matches.Length; i++)
        {
            if (matches[i].Token < 0)
                continue;
            _next[i] = _head[matches[i].Length];
            _head[matches[i].Length] = i;
            Longest = Math.Max(Longest, matches[i].Length);
        }

        Support = MathF.Log2(1 + matches.Length);
        float left = 1, places = 0;
        for (int length = Longest; length > 0; length--)
        {
            _share[length] = 0;
            if (_head[length] < 0)
                continue;
            for (int i = _head[length]; i >= 0; i = _next[i])
            {
                places += matches[i].Weight;
                int token = matches[i].Token;
                if (!_seen[token])
                {
                    _seen[token] = true;
                    _touched[_count++] = token;
                }
            }

            float share = left * places / (places + Escape * _count);
            _share[length] = share / places;
            left -= share;
        }

        // A place counts for its own length and for all that are shorter.
        float each = 0;
        for (int length = 1; length <= Longest; length++)
        {
            each += _share[length];
            for (int i = _head[length]; i >= 0; i = _next[i])
                _probability[matches[i].Token] += matches[i].Weight * each;
        }

        float scale = left < 1 ? 1 / (1 - left) : 0;
        foreach (int token in Tokens)
        {
            _probability[token] *= scale;
            Top = Math.Max(Top, _probability[token]);
        }
    }

    /// <summary>Raises all probabilities to a power and scales them to a sum of 1.</summary>
    public void Sharpen(float power)
    {
        float sum = 0;
        foreach (int token in Tokens)
            sum += _probability[token] = MathF.Pow(_probability[token], power);
        Top = 0;
        foreach (int token in Tokens)
            Top = Math.Max(Top, _probability[token] /= sum);
    }
}
