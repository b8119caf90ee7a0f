using Tessera.Vectors;

namespace Tessera.CodeMap;

/// <summary>The vectors of a map, made of the tokens when they are first asked for: a build that follows on another one needs few of them. Any number of threads may ask.</summary>
internal sealed class TokenVectors
{
    private readonly Lock _lock = new();
    private readonly HashedTextEmbedder? _embedder;
    private readonly WeightedToken[][] _tokens;
    private readonly bool[] _isThere;
    private float[]? _values;
    private Matrix? _matrix;
    private int _missing;

    /// <summary>Those that are there already.</summary>
    public TokenVectors(Matrix vectors)
    {
        _matrix = vectors;
        _tokens = [];
        _isThere = [];
    }

    public TokenVectors(HashedTextEmbedder embedder, WeightedToken[][] tokens)
    {
        _embedder = embedder;
        _tokens = tokens;
        _isThere = new bool[tokens.Length];
        _missing = tokens.Length;
    }

    /// <summary>All of them.</summary>
    public Matrix All => Of(Enumerable.Range(0, _tokens.Length));

    /// <summary>The matrix of all, in which these rows are there; the others may be zero.</summary>
    public Matrix Of(IEnumerable<int> rows)
    {
        if (_embedder is null)
            return _matrix!;
        lock (_lock)
        {
            _values ??= new float[checked(_tokens.Length * _embedder.Dimension)];
            _matrix ??= new Matrix(_values, _embedder.Dimension);
            if (_missing == 0)
                return _matrix;
            int[] wanted = [.. rows.Where(row => !_isThere[row]).Distinct()];
            Parallel.ForEach(wanted, row => _embedder.Embed(_tokens[row], _values.AsSpan(row * _embedder.Dimension, _embedder.Dimension)));
            foreach (int row in wanted)
                _isThere[row] = true;
            _missing -= wanted.Length;
            return _matrix;
        }
    }
}
