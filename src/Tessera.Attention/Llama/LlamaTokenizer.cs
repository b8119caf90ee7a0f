using System.Buffers.Binary;
using System.Text;
using Tessera.Storage;

namespace Tessera.Attention.Llama;

/// <summary>The tokenizer of llama2.c: byte-pair encoding with scores, in its own binary format.</summary>
public sealed class LlamaTokenizer
{
    /// <summary>Begins every text.</summary>
    public const int Begin = 1;

    /// <summary>Ends a text.</summary>
    public const int End = 2;

    private const int FirstByte = 3;

    private readonly byte[][] _pieces;
    private readonly float[] _scores;
    private readonly Dictionary<string, int> _byPiece = new(StringComparer.Ordinal);

    private LlamaTokenizer(byte[][] pieces, float[] scores)
    {
        (_pieces, _scores) = (pieces, scores);
        for (int token = pieces.Length - 1; token >= 0; token--)
            _byPiece[Key(pieces[token])] = token;
    }

    /// <summary>Tokens of the vocabulary.</summary>
    public int Vocabulary => _pieces.Length;

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">The file, such as <c>tok512.bin</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is no such tokenizer, or is cut short.</exception>
    public static LlamaTokenizer Load(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < sizeof(int))
            throw new TesseraFormatException(path, "header", 0, "the file is too short for a tokenizer.");
        var pieces = new List<byte[]>();
        var scores = new List<float>();
        for (int at = sizeof(int); at < file.Length;)
        {
            if (file.Length - at < 8)
                throw new TesseraFormatException(path, $"token {pieces.Count}", at, "the file is cut short.");
            float score = BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(at));
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            if (length < 0 || length > file.Length - at - 8 || float.IsNaN(score))
                throw new TesseraFormatException(path, $"token {pieces.Count}", at, $"a piece of {length} bytes with the score {score} cannot be.");
            pieces.Add(file[(at + 8)..(at + 8 + length)]);
            scores.Add(score);
            at += 8 + length;
        }

        if (pieces.Count < FirstByte + 256)
            throw new TesseraFormatException(path, "vocabulary", sizeof(int), $"{pieces.Count} tokens are fewer than the {FirstByte + 256} that every vocabulary has.");
        return new LlamaTokenizer([.. pieces], [.. scores]);
    }

    /// <summary>The tokens of a text, with the one that begins it.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int> { Begin };
        if (text.Length == 0)
            return tokens;
        // A text begins with a blank, as its words do.
        foreach (Rune rune in (" " + text).EnumerateRunes())
        {
            byte[] bytes = Encoding.UTF8.GetBytes(rune.ToString());
            if (_byPiece.TryGetValue(Key(bytes), out int token))
                tokens.Add(token);
            else
                tokens.AddRange(bytes.Select(number => number + FirstByte));
        }

        while (true)
        {
            // The best pair of neighbours that is a piece itself.
            (int at, int merged, float best) = (-1, 0, float.NegativeInfinity);
            for (int i = 1; i + 1 < tokens.Count; i++)
            {
                if (_byPiece.TryGetValue(Key([.. _pieces[tokens[i]], .. _pieces[tokens[i + 1]]]), out int token) && _scores[token] > best)
                    (at, merged, best) = (i, token, _scores[token]);
            }

            if (at < 0)
                return tokens;
            tokens[at] = merged;
            tokens.RemoveAt(at + 1);
        }
    }

    /// <summary>The text of tokens.</summary>
    public string Decode(IEnumerable<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var bytes = new List<byte>();
        int before = -1;
        foreach (int token in tokens)
        {
            if (token is not (Begin or End))
            {
                ReadOnlySpan<byte> piece = _pieces[token];
                if (before is -1 or Begin && piece is [(byte)' ', ..])
                    piece = piece[1..];
                if (token >= FirstByte && token < FirstByte + 256)
                    bytes.Add((byte)(token - FirstByte));
                else
                    bytes.AddRange(piece);
            }

            before = token;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    // Pieces are bytes, not always whole characters: Latin-1 keeps every byte apart.
    private static string Key(byte[] piece) => Encoding.Latin1.GetString(piece);
}
