using Tessera.Music.Packs;
using Tessera.Music.Tokens;

namespace Tessera.Music.Retrieval;

/// <summary>
/// Finds where the end of a sequence was seen before in the pieces of a genre, longest match first, whatever its length: longest-context
/// backoff over a suffix array (Liu et al., 2024, infini-gram). A look-up is one binary search and a walk outwards from its place.
/// </summary>
internal sealed class ContextIndex
{
    private readonly int[] _text;
    private readonly int[] _order;
    private readonly byte[] _common;
    private readonly int[] _starts;
    private readonly int[] _pieceOf;

    private ContextIndex(int[] text, int[] order, byte[] common, int[] starts, int[] pieceOf)
    {
        _text = text;
        _order = order;
        _common = common;
        _starts = starts;
        _pieceOf = pieceOf;
    }

    /// <summary>Pieces, joined from their bars, each between separators.</summary>
    public ReadOnlySpan<int> Text => _text;

    /// <summary>Patterns that the text is made of.</summary>
    public int Patterns => _starts.Length;

    /// <summary>Where the tokens of a pattern begin in the text.</summary>
    public int StartOf(int pattern) => _starts[pattern];

    /// <summary>Where the piece of a pattern ends, or the pattern some patterns later begins.</summary>
    public int EndOf(int pattern, int patterns)
    {
        int last = pattern;
        while (last + 1 < _pieceOf.Length && last - pattern < patterns - 1 && _pieceOf[last + 1] == _pieceOf[pattern])
            last++;
        return last + 1 < _starts.Length ? _starts[last + 1] - (last + 1 < _pieceOf.Length && _pieceOf[last + 1] == _pieceOf[pattern] ? 0 : 1) : _text.Length - 1;
    }

    /// <summary>Patterns that follow each other in one file are one piece.</summary>
    public static ContextIndex Build(ReadOnlySpan<StylePattern> patterns, TokenTable tokens)
    {
        var text = new List<int>();
        var starts = new int[patterns.Length];
        var pieceOf = new int[patterns.Length];
        var ids = new Dictionary<string, (int Id, TokenKind Header)>(StringComparer.Ordinal);
        var state = new string?[Enum.GetValues<TokenKind>().Length];
        int piece = -1;
        for (int i = 0; i < patterns.Length; i++)
        {
            bool goesOn = i > 0 && patterns[i].Source == patterns[i - 1].Source && patterns[i].Bar == patterns[i - 1].Bar + 1;
            if (!goesOn)
            {
                piece++;
                text.Add(ContextOrder.Separator);
                Array.Clear(state);
            }

            pieceOf[i] = piece;
            starts[i] = text.Count;
            foreach (string token in patterns[i].Tokens)
            {
                if (!ids.TryGetValue(token, out var known))
                {
                    TokenKind header = MusicToken.TryParse(token, out MusicToken parsed) && parsed.IsHeader ? parsed.Kind : TokenKind.Other;
                    ids.Add(token, known = (tokens.IdOf(token), header));
                }

                // A header that holds already is not said again, as in BarSequence.Join.
                if (known.Header != TokenKind.Other)
                {
                    if (state[(int)known.Header] == token)
                        continue;
                    state[(int)known.Header] = token;
                }

                text.Add(known.Id);
            }
        }

        text.Add(ContextOrder.Separator);
        return Build([.. text], starts, pieceOf);
    }

    private static ContextIndex Build(int[] text, int[] starts, int[] pieceOf)
    {
        int[] order = ContextOrder.Sort(text);
        var common = new byte[order.Length];
        Parallel.For(0, (order.Length + 65535) / 65536, block =>
        {
            for (int i = Math.Max(1, block * 65536); i < Math.Min(order.Length, (block + 1) * 65536); i++)
                common[i] = (byte)ContextOrder.Common(text, order[i - 1], order[i]);
        });
        return new ContextIndex(text, order, common, starts, pieceOf);
    }

    /// <summary>The longest end of a sequence that stands somewhere in the text.</summary>
    /// <param name="sequence">Ids of the table that the index was made with; others match nothing.</param>
    /// <param name="end">The place behind it.</param>
    /// <returns>Tokens, at most <see cref="ContextOrder.MaxDepth"/>.</returns>
    public int LongestWithEnd(ReadOnlySpan<int> sequence, out int end)
    {
        end = -1;
        int longest = 0;
        foreach (int start in (ReadOnlySpan<int>)[Find(sequence) - 1, Find(sequence)])
        {
            if (start >= 0 && start < _order.Length && CommonWith(sequence, _order[start]) is var common && common > longest)
                (longest, end) = (common, _order[start]);
        }

        return longest;
    }

    /// <summary>Takes away from what is allowed each token that follows a whole sequence anywhere in the text.</summary>
    /// <param name="sequence">Ids of the table that the index was made with.</param>
    /// <param name="toVocabulary">For each of those ids its place in <paramref name="allowed"/>, or below 0.</param>
    /// <param name="allowed">What is allowed.</param>
    public void Forbid(ReadOnlySpan<int> sequence, ReadOnlySpan<int> toVocabulary, Span<bool> allowed)
    {
        // Not below: the places that begin with the sequence, and nothing before them.
        int first = Find(sequence);
        while (first > 0 && CommonWith(sequence, _order[first - 1]) == sequence.Length)
            first--;
        for (int i = first; i < _order.Length && CommonWith(sequence, _order[i]) == sequence.Length; i++)
        {
            int token = _text[_order[i]];
            if (token >= 0 && toVocabulary[token] >= 0)
                allowed[toVocabulary[token]] = false;
        }
    }

    /// <summary>The pattern that a place in the text belongs to.</summary>
    public int PatternAt(int place)
    {
        int found = Array.BinarySearch(_starts, place);
        return found >= 0 ? found : Math.Max(0, ~found - 1);
    }

    /// <summary>Collects the places whose context is most like the given one, in falling length of what they share.</summary>
    /// <param name="context">Ids of the table that the index was made with.</param>
    /// <param name="shortest">Least length that counts, at least 1.</param>
    /// <param name="weight">The weight that each match gets.</param>
    /// <param name="matches">Receives the matches; its length is the most there will be.</param>
    /// <returns>Number of matches.</returns>
    public int Collect(ReadOnlySpan<int> context, int shortest, float weight, Span<ContextMatch> matches)
    {
        int at = Find(context), left = at - 1, right = at, count = 0;
        int leftCommon = left >= 0 ? CommonWith(context, _order[left]) : 0, rightCommon = right < _order.Length ? CommonWith(context, _order[right]) : 0;
        while (count < matches.Length)
        {
            int common = Math.Max(leftCommon, rightCommon);
            if (common < shortest)
                break;
            if (leftCommon >= rightCommon)
            {
                matches[count++] = new ContextMatch(_text[_order[left]], leftCommon, weight);
                leftCommon = left > 0 ? Math.Min(leftCommon, _common[left]) : 0;
                left--;
            }
            else
            {
                matches[count++] = new ContextMatch(_text[_order[right]], rightCommon, weight);
                right++;
                rightCommon = right < _order.Length ? Math.Min(rightCommon, _common[right]) : 0;
            }
        }

        return count;
    }

    /// <summary>The first place in the order whose context is not below the given one.</summary>
    private int Find(ReadOnlySpan<int> context)
    {
        int low = 0, high = _order.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (IsBelow(_order[middle], context))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private bool IsBelow(int place, ReadOnlySpan<int> context)
    {
        for (int back = 1; back <= ContextOrder.MaxDepth; back++)
        {
            int here = place - back >= 0 ? _text[place - back] : ContextOrder.Separator;
            int there = back <= context.Length ? context[^back] : ContextOrder.Separator;
            if (here != there)
                return here < there;
            if (here == ContextOrder.Separator)
                return false;
        }

        return false;
    }

    private int CommonWith(ReadOnlySpan<int> context, int place)
    {
        int common = 0, most = Math.Min(context.Length, ContextOrder.MaxDepth);
        while (common < most && place - common > 0 && _text[place - common - 1] is var token and not ContextOrder.Separator && context[^(common + 1)] == token)
            common++;
        return common;
    }
}
