using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Music.Evaluation;

/// <summary>
/// Compares sequences with all pieces of an index: finds the longest span that was copied, and forbids tokens that would make one longer
/// than a limit. Headers count like any token. What is added to the index later is not seen.
/// </summary>
public sealed class CopyGuard
{
    /// <summary>Longest span that can be told from longer ones.</summary>
    public const int MaxSpan = ContextOrder.MaxDepth;

    private readonly (GenreIndex Genre, ContextIndex Contexts)[] _genres;
    private readonly int[] _toIndex;
    private readonly int[] _toVocabulary;
    private readonly int[] _context = new int[ContextOrder.MaxDepth];

    /// <summary>Makes a guard over all genres of an index.</summary>
    /// <param name="index">The pieces that must not be copied.</param>
    /// <param name="vocabulary">The tokens that sequences are made of.</param>
    public CopyGuard(HierarchicalStyleIndex index, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(vocabulary);
        _genres = [.. index.Genres.OrderBy(pair => pair.Key).Select(pair => (pair.Value, pair.Value.Contexts(index.Tokens)))];
        string[] tokens = index.Tokens.Snapshot();
        _toVocabulary = vocabulary.Encode(tokens);
        _toIndex = new int[vocabulary.Count];
        Array.Fill(_toIndex, int.MaxValue);
        for (int i = 0; i < tokens.Length; i++)
        {
            if (_toVocabulary[i] >= 0)
                _toIndex[_toVocabulary[i]] = i;
        }
    }

    /// <summary>The longest span of a sequence that stands in a piece too, with its source.</summary>
    /// <param name="generated">Ids of the vocabulary, without the prompt.</param>
    public CopiedSpan Longest(ReadOnlySpan<int> generated)
    {
        var longest = new CopiedSpan(0, 0, null, 0);
        for (int end = 1; end <= generated.Length; end++)
        {
            Span<int> context = Translate(generated[..end]);
            foreach (var (genre, contexts) in _genres)
            {
                int length = contexts.LongestWithEnd(context, out int place);
                if (length > longest.Length)
                {
                    int pattern = contexts.PatternAt(place - length);
                    StylePattern source = genre.Patterns.Span[pattern];
                    longest = new CopiedSpan(end - length, length, source.Source, source.Bar);
                }
            }
        }

        return longest;
    }

    /// <summary>Forbids the tokens that would make a copied span longer than the limit.</summary>
    /// <param name="generated">Ids of the vocabulary, without the prompt.</param>
    /// <param name="limit">Tokens in a row that may be copied, 1 to <see cref="MaxSpan"/>.</param>
    /// <param name="allowed">One value for each token of the vocabulary; those forbidden become false.</param>
    public void Forbid(ReadOnlySpan<int> generated, int limit, Span<bool> allowed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxSpan);
        if (generated.Length < limit)
            return;
        Span<int> context = Translate(generated[^limit..]);
        foreach (var (_, contexts) in _genres)
            contexts.Forbid(context, _toVocabulary, allowed);
    }

    private Span<int> Translate(ReadOnlySpan<int> generated)
    {
        generated = generated[Math.Max(0, generated.Length - _context.Length)..];
        for (int i = 0; i < generated.Length; i++)
            _context[i] = generated[i] < 0 ? int.MaxValue : _toIndex[generated[i]];
        return _context.AsSpan(0, generated.Length);
    }
}
