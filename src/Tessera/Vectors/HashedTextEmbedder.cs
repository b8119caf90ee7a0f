using System.Buffers;

namespace Tessera.Vectors;

/// <summary>
/// Turns weighted tokens into vectors without a model: tf-idf by signed feature hashing (Weinberger et al., 2009), each
/// token spread over a few places (the sparse projection of Kane and Nelson, 2014), scaled to length 1. The inner product
/// of two vectors estimates the cosine of their token lists with an error of about 1 / sqrt(dimension).
/// The same tokens give the same bits on every machine and in any order.
/// </summary>
/// <remarks>
/// It knows shared tokens, not meanings: synonyms are strangers to it. Use a trained model where paraphrases must meet.
/// </remarks>
public sealed class HashedTextEmbedder
{
    // Four places a token: two tokens that share one of them still differ in the other three, which tames the worst
    // collisions; more places cost time and change nothing that could be measured.
    private const int PlacesPerToken = 4;

    private readonly Dictionary<ulong, int> _frequencies;
    private readonly float[] _idfOfFrequency;

    /// <summary>Makes an embedder from counts that were kept, such as those of <see cref="Frequencies"/>.</summary>
    /// <param name="dimension">Numbers in each vector, at least 1; a few hundred separate a few thousand distinct tokens.</param>
    /// <param name="documents">Documents that were counted.</param>
    /// <param name="frequencies">For each token's hash, the documents that hold it: 1 to <paramref name="documents"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public HashedTextEmbedder(int dimension, int documents, IReadOnlyDictionary<ulong, int> frequencies)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(documents);
        ArgumentNullException.ThrowIfNull(frequencies);
        foreach (var (hash, count) in frequencies)
        {
            if (count < 1 || count > documents)
                throw new ArgumentOutOfRangeException(nameof(frequencies), count,
                    $"Token {hash:x16} is said to be in {count} of {documents} documents; it must be in 1 to {documents}.");
        }

        Dimension = dimension;
        Documents = documents;
        _frequencies = new Dictionary<ulong, int>(frequencies);
        _idfOfFrequency = new float[documents + 1];
        for (int count = 0; count <= documents; count++)
            _idfOfFrequency[count] = InverseFrequency(documents, count);
    }

    /// <summary>Numbers in each vector.</summary>
    public int Dimension { get; }

    /// <summary>Documents that the inverse document frequencies come from.</summary>
    public int Documents { get; }

    /// <summary>For each token's hash, the documents that hold it. Enough, with <see cref="Documents"/>, to make this embedder again.</summary>
    public IReadOnlyDictionary<ulong, int> Frequencies => _frequencies;

    /// <summary>Learns the inverse document frequencies from <paramref name="documents"/>.</summary>
    /// <param name="dimension">Numbers in each vector, at least 1.</param>
    /// <param name="documents">The tokens of each document; a token may stand in one several times.</param>
    /// <param name="cancellationToken">Stops between documents.</param>
    public static HashedTextEmbedder Fit(int dimension, IEnumerable<ReadOnlyMemory<WeightedToken>> documents, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentNullException.ThrowIfNull(documents);
        var frequencies = new Dictionary<ulong, int>();
        var inThisDocument = new HashSet<ulong>();
        int count = 0;
        foreach (var document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            inThisDocument.Clear();
            foreach (var token in document.Span)
            {
                if (inThisDocument.Add(token.Hash))
                    frequencies[token.Hash] = frequencies.GetValueOrDefault(token.Hash) + 1;
            }
        }

        return new HashedTextEmbedder(dimension, count, frequencies);
    }

    /// <summary>Hashes a token's UTF-16 letters as they are (lower-case and stem them before): FNV-1a with a finaliser, the same on every machine.</summary>
    public static ulong Hash(ReadOnlySpan<char> token)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in token)
            hash = (hash ^ letter) * 1099511628211;
        return Mix(hash);
    }

    /// <summary>Documents that hold the token; 0 for one that was never seen.</summary>
    public int DocumentFrequency(ulong hash) => _frequencies.GetValueOrDefault(hash);

    /// <summary>The token's inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5)) for n of N documents (BM25's). A token never seen weighs most.</summary>
    public float Idf(ulong hash) => _idfOfFrequency[DocumentFrequency(hash)];

    /// <summary>Writes the vector of a text. Allocates nothing in steady state.</summary>
    /// <param name="tokens">The text's tokens in any order; the weights of equal ones add up and are dampened by a square root.</param>
    /// <param name="vector">Receives <see cref="Dimension"/> numbers: length 1, or all 0 when no token counts.</param>
    /// <returns>Whether any token counted.</returns>
    /// <exception cref="ArgumentException"><paramref name="vector"/> has another length, or a weight is not a finite number above 0.</exception>
    public bool Embed(ReadOnlySpan<WeightedToken> tokens, Span<float> vector)
    {
        if (vector.Length != Dimension)
            throw new ArgumentException($"The vector has {vector.Length} numbers; this embedder writes {Dimension}.", nameof(vector));

        vector.Clear();
        WeightedToken[] rented = ArrayPool<WeightedToken>.Shared.Rent(tokens.Length);
        try
        {
            Span<WeightedToken> sorted = rented.AsSpan(0, tokens.Length);
            tokens.CopyTo(sorted);
            foreach (WeightedToken token in sorted)
            {
                if (!(token.Weight > 0) || !float.IsFinite(token.Weight))
                    throw new ArgumentException($"A token weighs {token.Weight}; a weight is a finite number above 0.", nameof(tokens));
            }

            sorted.Sort();
            AddTokens(sorted, vector);
        }
        finally
        {
            ArrayPool<WeightedToken>.Shared.Return(rented);
        }

        return Normalise(vector);
    }

    /// <summary>Embeds many texts.</summary>
    /// <param name="documents">The tokens of each text.</param>
    /// <param name="threads">Threads; 0 (default) uses every processor.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    /// <returns>One row for each text.</returns>
    public Matrix Embed(IReadOnlyList<ReadOnlyMemory<WeightedToken>> documents, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        var values = new float[checked(documents.Count * Dimension)];
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads == 0 ? -1 : threads,
            CancellationToken = cancellationToken,
        };
        Parallel.For(0, documents.Count, parallel, row =>
            Embed(documents[row].Span, values.AsSpan(row * Dimension, Dimension)));
        return new Matrix(values, Dimension);
    }

    private void AddTokens(ReadOnlySpan<WeightedToken> sorted, Span<float> vector)
    {
        int next = 0;
        while (next < sorted.Length)
        {
            ulong hash = sorted[next].Hash;
            float weight = 0;
            for (; next < sorted.Length && sorted[next].Hash == hash; next++)
                weight += sorted[next].Weight;

            float value = MathF.Sqrt(weight * Idf(hash));
            ulong bits = hash;
            for (int place = 0; place < PlacesPerToken; place++)
            {
                bits = Mix(bits + 0x9E3779B97F4A7C15);
                // The top half picks the place (a multiplication maps it to the dimension without a modulo's bias), the lowest bit the sign.
                int index = (int)(((bits >> 32) * (ulong)Dimension) >> 32);
                vector[index] += (bits & 1) == 0 ? value : -value;
            }
        }
    }

    private static bool Normalise(Span<float> vector)
    {
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        if (squares == 0)
            return false;
        double scale = 1 / Math.Sqrt(squares);
        for (int i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] * scale);
        return true;
    }

    // The logarithm is the one operation here that may differ in its last bit between machines; rounding takes that bit
    // away. The least value keeps a token that stands in every document above nothing, so that its texts have a direction.
    private static float InverseFrequency(int documents, int count)
    {
        const double Steps = 1 << 20;
        double idf = Math.Log(1 + (documents - count + 0.5) / (count + 0.5));
        return (float)(Math.Max(1, Math.Round(idf * Steps)) / Steps);
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
