using System.Text;

namespace Tessera.SemanticIds.Uniqueness;

/// <summary>An item that wants an id of its own.</summary>
public sealed record IdRequest
{
    // Ids are kept as UTF-8, where halves of pairs would all become the same letter.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Makes a request.</summary>
    /// <param name="item">What the item is known by: the same item, the same text.</param>
    /// <param name="semanticId">The id that it gets where that is free.</param>
    /// <param name="alternatives">Ids to try before a suffix, in this order; looked at only when the first is taken.</param>
    /// <exception cref="ArgumentException">A text is empty or no text (half of a surrogate pair).</exception>
    public IdRequest(string item, string semanticId, IEnumerable<string>? alternatives = null)
    {
        Require(item, nameof(item));
        Require(semanticId, nameof(semanticId));
        (Item, SemanticId, Alternatives) = (item, semanticId, alternatives ?? []);
    }

    /// <summary>What the item is known by.</summary>
    public string Item { get; }

    /// <summary>The id that it gets where that is free.</summary>
    public string SemanticId { get; }

    /// <summary>Ids to try before a suffix.</summary>
    public IEnumerable<string> Alternatives { get; }

    /// <summary>The id with a suffix that tells it from others, <c>12-5-33-1</c>.</summary>
    public string WithSuffix(long number) => $"{SemanticId}-{number}";

    private static void Require(string text, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        try
        {
            Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw new ArgumentException($"'{text}' holds half of a surrogate pair; give whole letters.", name);
        }
    }
}
