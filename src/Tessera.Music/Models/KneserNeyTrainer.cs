using System.Runtime.InteropServices;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Music.Models;

/// <summary>
/// Counts n-grams by walking through all places of the text in the order of their contexts (<see cref="ContextOrder"/>), where each
/// context is one stretch. The longest contexts count occurrences, shorter ones in how many longer ones a token was seen.
/// </summary>
internal sealed class KneserNeyTrainer
{
    /// <summary>The symbol before the first token of a piece.</summary>
    public const int Start = ContextOrder.Separator;

    private readonly int[] _text;
    private readonly int[] _places;
    private readonly int _order;
    private readonly ContextTree _tree = new();
    private readonly CancellationToken _cancellationToken;

    private KneserNeyTrainer(int[] text, int order, CancellationToken cancellationToken)
    {
        _text = text;
        _order = order;
        _cancellationToken = cancellationToken;
        _places = [.. ContextOrder.Sort(text, Math.Max(2, order)).Where(place => text[place] != Start)];
    }

    public static KneserNeyModel Train(int[][] pieces, Vocabulary vocabulary, int order, CancellationToken cancellationToken)
    {
        int[] text = [.. pieces.SelectMany(piece => piece.Where(token => token >= 0).Prepend(Start))];
        var trainer = new KneserNeyTrainer(text, order, cancellationToken);
        trainer.Visit(0, trainer._places.Length, 0);
        trainer.Discount();
        return new KneserNeyModel(vocabulary, order, trainer._tree);
    }

    /// <summary>Makes the node of the places whose last <paramref name="depth"/> tokens are the same, after those of its longer contexts.</summary>
    private int Visit(int from, int to, int depth)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var counts = new SortedDictionary<int, int>();
        var children = new List<(int Symbol, int Node)>();
        bool isWhole = depth > 0 && Symbol(from, depth - 1) == Start;
        if (depth + 1 >= _order || isWhole)
        {
            for (int i = from; i < to; i++)
                Count(counts, _text[_places[i]]);
        }
        else
        {
            for (int start = from; start < to;)
            {
                int symbol = Symbol(start, depth), end = start + 1;
                while (end < to && Symbol(end, depth) == symbol)
                    end++;
                int node = Visit(start, end, depth + 1);
                children.Add((symbol, node));
                foreach (int token in CollectionsMarshal.AsSpan(_tree.EntryTokens)[_tree.EntryOffsets[node].._tree.EntryOffsets[node + 1]])
                    Count(counts, token);
                start = end;
            }
        }

        foreach (var (symbol, node) in children.OrderBy(child => child.Symbol))
        {
            _tree.ChildSymbols.Add(symbol);
            _tree.ChildNodes.Add(node);
        }

        foreach (var (token, count) in counts)
        {
            _tree.EntryTokens.Add(token);
            _tree.EntryShares.Add(count);
        }

        _tree.ChildOffsets.Add(_tree.ChildSymbols.Count);
        _tree.EntryOffsets.Add(_tree.EntryTokens.Count);
        _tree.Backoffs.Add(0);
        _tree.Depths.Add(depth);
        return _tree.Backoffs.Count - 1;
    }

    /// <summary>The token that stands some places before one, or <see cref="Start"/>.</summary>
    private int Symbol(int ordinal, int depth) => _text[_places[ordinal] - depth - 1];

    private static void Count(SortedDictionary<int, int> counts, int token) => counts[token] = counts.GetValueOrDefault(token) + 1;

    /// <summary>Turns counts into shares: each gives up a discount that depends on whether it is 1, 2 or more, and the node keeps the sum for shorter contexts.</summary>
    private void Discount()
    {
        float[][] discounts = [.. Enumerable.Range(0, _order).Select(Discounts)];
        Span<float> shares = CollectionsMarshal.AsSpan(_tree.EntryShares);
        for (int node = 0; node < _tree.Backoffs.Count; node++)
        {
            Span<float> own = shares[_tree.EntryOffsets[node].._tree.EntryOffsets[node + 1]];
            float[] discount = discounts[_tree.Depths[node]];
            float total = 0, given = 0;
            foreach (float count in own)
                total += count;
            foreach (ref float count in own)
            {
                float less = discount[Math.Min((int)count, 3)];
                given += less;
                count = (count - less) / total;
            }

            _tree.Backoffs[node] = given / total;
        }
    }

    /// <summary>The discounts of one length of context, from how many counts are 1, 2, 3 and 4 (Chen and Goodman, 1999, equation 26).</summary>
    private float[] Discounts(int depth)
    {
        Span<double> of = stackalloc double[5];
        for (int node = 0; node < _tree.Depths.Count; node++)
        {
            if (_tree.Depths[node] != depth)
                continue;
            for (int i = _tree.EntryOffsets[node]; i < _tree.EntryOffsets[node + 1]; i++)
            {
                if (_tree.EntryShares[i] <= 4)
                    of[(int)_tree.EntryShares[i]]++;
            }
        }

        // Small texts may lack some of the counts: a half is then as good as any.
        double y = of[1] / (of[1] + 2 * of[2]);
        return [0, Bounded(1 - 2 * y * of[2] / of[1], 1), Bounded(2 - 3 * y * of[3] / of[2], 2), Bounded(3 - 4 * y * of[4] / of[3], 3)];

        static float Bounded(double discount, int count) => double.IsFinite(discount) && discount > 0 && discount < count ? (float)discount : 0.5f;
    }
}
