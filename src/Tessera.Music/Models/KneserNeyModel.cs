using Tessera.Music.Tokens;
using Tessera.Storage;

namespace Tessera.Music.Models;

/// <summary>
/// An interpolated n-gram model with modified Kneser-Ney smoothing (Chen and Goodman, 1999): small, exact and trained in seconds. It
/// knows no more than the last few tokens; put a neural model behind <see cref="ITokenModel"/> where longer thoughts are wanted.
/// </summary>
public sealed class KneserNeyModel : ITokenModel
{
    private const string Kind = "tessera/kneser-ney";

    // The tree of contexts, read backwards. A node's children and its tokens lie in one piece each; the last node is the root.
    private readonly ReadOnlyMemory<int> _childOffsets;
    private readonly ReadOnlyMemory<int> _childSymbols;
    private readonly ReadOnlyMemory<int> _childNodes;
    private readonly ReadOnlyMemory<int> _entryOffsets;
    private readonly ReadOnlyMemory<int> _entryTokens;
    private readonly ReadOnlyMemory<float> _entryShares;
    private readonly ReadOnlyMemory<float> _backoffs;

    internal KneserNeyModel(Vocabulary vocabulary, int order, ContextTree tree)
    {
        Vocabulary = vocabulary;
        Order = order;
        _childOffsets = tree.ChildOffsets.ToArray();
        _childSymbols = tree.ChildSymbols.ToArray();
        _childNodes = tree.ChildNodes.ToArray();
        _entryOffsets = tree.EntryOffsets.ToArray();
        _entryTokens = tree.EntryTokens.ToArray();
        _entryShares = tree.EntryShares.ToArray();
        _backoffs = tree.Backoffs.ToArray();
    }

    private KneserNeyModel(Vocabulary vocabulary, int order, TsrReader file)
    {
        Vocabulary = vocabulary;
        Order = order;
        _backoffs = Copy<float>(file, "backoffs");
        _childOffsets = Copy<int>(file, "child-offsets");
        _childSymbols = Copy<int>(file, "child-symbols");
        _childNodes = Copy<int>(file, "child-nodes");
        _entryOffsets = Copy<int>(file, "entry-offsets");
        _entryTokens = Copy<int>(file, "entry-tokens");
        _entryShares = Copy<float>(file, "entry-shares");
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <summary>Tokens of an n-gram, the predicted one included.</summary>
    public int Order { get; }

    /// <summary>Contexts that it knows.</summary>
    public int Contexts => _backoffs.Length;

    /// <summary>Trains a model.</summary>
    /// <param name="pieces">Token sequences, each a whole piece.</param>
    /// <param name="options">The order; null for the defaults.</param>
    /// <param name="vocabulary">The tokens that it is to know; null for those of the pieces.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException">There are no tokens, or the order is out of range.</exception>
    public static KneserNeyModel Train(IReadOnlyList<IReadOnlyList<string>> pieces, KneserNeyOptions? options = null, Vocabulary? vocabulary = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        options ??= new KneserNeyOptions();
        options.Validate();
        vocabulary ??= Vocabulary.Of(pieces);
        if (!pieces.Any(piece => piece.Count > 0))
            throw new ArgumentException("There are no tokens to learn from; give at least one piece.", nameof(pieces));
        return KneserNeyTrainer.Train([.. pieces.Select(vocabulary.Encode)], vocabulary, options.Order, cancellationToken);
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> generated, Span<float> logits)
    {
        if (logits.Length != Vocabulary.Count)
            throw new ArgumentException($"There is room for {logits.Length} logits; the vocabulary has {Vocabulary.Count} tokens.", nameof(logits));
        Span<int> path = stackalloc int[17];
        int depth = 0;
        path[0] = _backoffs.Length - 1;
        // From the root by the last token, the one before it and so on; the start of a piece is a symbol of its own.
        while (depth + 1 < Order)
        {
            int at = generated.Length - 1 - depth;
            int child = at < -1 ? -1 : Child(path[depth], at < 0 ? KneserNeyTrainer.Start : generated[at]);
            if (child < 0)
                break;
            path[++depth] = child;
        }

        logits.Clear();
        float scale = 1;
        for (; depth >= 0; depth--)
        {
            int node = path[depth], end = _entryOffsets.Span[node + 1];
            ReadOnlySpan<int> tokens = _entryTokens.Span[_entryOffsets.Span[node]..end];
            ReadOnlySpan<float> shares = _entryShares.Span[_entryOffsets.Span[node]..end];
            for (int i = 0; i < tokens.Length; i++)
                logits[tokens[i]] += scale * shares[i];
            scale *= _backoffs.Span[node];
        }

        // What no context has seen shares the last of it evenly.
        float even = scale / logits.Length;
        for (int token = 0; token < logits.Length; token++)
            logits[token] = MathF.Log(logits[token] + even);
    }

    /// <summary>Writes the model to one file, its vocabulary included.</summary>
    public void Save(string path)
    {
        using TsrWriter writer = TsrWriter.Create(path, Kind);
        writer.Write<int>("order", [Order]);
        writer.WriteText("vocabulary", string.Join('\n', Vocabulary.Tokens));
        writer.Write("backoffs", _backoffs.Span);
        writer.Write("child-offsets", _childOffsets.Span);
        writer.Write("child-symbols", _childSymbols.Span);
        writer.Write("child-nodes", _childNodes.Span);
        writer.Write("entry-offsets", _entryOffsets.Span);
        writer.Write("entry-tokens", _entryTokens.Span);
        writer.Write("entry-shares", _entryShares.Span);
        writer.Commit();
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="TesseraFormatException">The file is damaged or foreign.</exception>
    public static KneserNeyModel Load(string path)
    {
        using TsrReader file = TsrReader.Open(path);
        file.RequireKind(Kind);
        int order = file.ReadExactly<int>("order", 1).Span[0];
        if (order is < 1 or > 16)
            throw file.Error("order", $"it is {order}; 1 to 16 is possible.");
        KneserNeyModel model;
        try
        {
            model = new KneserNeyModel(new Vocabulary(file.ReadText("vocabulary").Split('\n')), order, file);
        }
        catch (ArgumentException problem)
        {
            throw file.Error("vocabulary", problem.Message);
        }

        model.Check(file);
        return model;
    }

    private static T[] Copy<T>(TsrReader file, string section) where T : unmanaged => file.Read<T>(section).ToArray();

    private void Check(TsrReader file)
    {
        int nodes = _backoffs.Length;
        if (nodes == 0)
            throw file.Error("backoffs", "there is no root.");
        CheckOffsets(file, "child-offsets", _childOffsets.Span, nodes, Math.Min(_childSymbols.Length, _childNodes.Length));
        CheckOffsets(file, "entry-offsets", _entryOffsets.Span, nodes, Math.Min(_entryTokens.Length, _entryShares.Length));
        if (_childNodes.Span.ContainsAnyExceptInRange(0, nodes - 1))
            throw file.Error("child-nodes", "a child is none of the nodes.");
        if (_entryTokens.Span.ContainsAnyExceptInRange(0, Vocabulary.Count - 1))
            throw file.Error("entry-tokens", "a token is none of the vocabulary.");
    }

    private static void CheckOffsets(TsrReader file, string section, ReadOnlySpan<int> offsets, int nodes, int items)
    {
        bool isRight = offsets.Length == nodes + 1 && offsets[0] == 0 && offsets[^1] == items;
        for (int i = 1; isRight && i < offsets.Length; i++)
            isRight = offsets[i] >= offsets[i - 1];
        if (!isRight)
            throw file.Error(section, $"they do not divide {items} items among {nodes} nodes.");
    }

    private int Child(int node, int symbol)
    {
        ReadOnlySpan<int> offsets = _childOffsets.Span;
        int at = _childSymbols.Span[offsets[node]..offsets[node + 1]].BinarySearch(symbol);
        return at < 0 ? -1 : _childNodes.Span[offsets[node] + at];
    }
}
