using Tessera.Colors.Spaces;
using Tessera.Colors.Transport;

namespace Tessera.Colors.Queries;

/// <summary>What a search asks for: colours with weights, or the colours of an image; and colours that it does not want.</summary>
public sealed record ColorQuery
{
    /// <summary>Most colours in a query.</summary>
    public const int MostColors = 16;

    /// <summary>Most bins of an image's histogram that a search by image asks for; the rest of it may be anything.</summary>
    public const int MostImageBins = 40;

    private ColorQuery(IReadOnlyList<ColorTerm> terms, SparseHistogram? image)
    {
        Terms = terms;
        Image = image;
    }

    /// <summary>The colours, with weights that add up to at most 1; empty for a search by image.</summary>
    public IReadOnlyList<ColorTerm> Terms { get; }

    /// <summary>The colours of the image to search by; null for a search by colours.</summary>
    public SparseHistogram? Image { get; }

    /// <summary>Colours that images may have little of.</summary>
    public IReadOnlyList<ColorExclusion> Exclusions { get; init; } = [];

    /// <summary>The share of an image that may be anything, 0 to less than 1.</summary>
    public float Wildcard => Image is null ? Math.Max(0, 1 - Terms.Sum(term => term.Weight)) : 0;

    /// <summary>
    /// Reads colours with commas between: <c>#ff8800:0.7,teal:0.3</c>. A colour is 3 or 6 hexadecimal digits after a <c>#</c>, or a
    /// name of CSS; a weight is a number above 0 or a percentage, given for all colours or for none. Weights are divided by their sum,
    /// unless <c>*</c> is among the colours: <c>red:0.3,*:0.7</c>, or <c>red:0.3,*</c>, asks for 30% red, the rest anything.
    /// </summary>
    /// <param name="text">The colours.</param>
    /// <exception cref="ColorQueryException">The text is no such list; the message says where.</exception>
    public static ColorQuery Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(new ColorQueryReader(text).ReadTerms());
    }

    /// <summary>Reads colours with the largest share that each may have: <c>#000:0.2,white:10%</c>; without a number, none of it at all.</summary>
    /// <param name="text">The colours.</param>
    /// <exception cref="ColorQueryException">The text is no such list; the message says where.</exception>
    public static IReadOnlyList<ColorExclusion> ParseExclusions(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ColorQueryReader(text).ReadExclusions();
    }

    /// <summary>Asks for colours.</summary>
    /// <param name="terms">1 to 16 colours, whose weights add up to at most 1; where to less, the rest may be anything.</param>
    /// <exception cref="ArgumentException">There are none or too many, or a weight is out of range.</exception>
    public static ColorQuery Of(IReadOnlyList<ColorTerm> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count is 0 or > MostColors)
            throw new ArgumentException($"A query has 1 to {MostColors} colours, not {terms.Count}.", nameof(terms));
        foreach (ColorTerm term in terms)
        {
            if (!(term.Weight > 0))
                throw new ArgumentException($"A weight is {term.Weight}; weights are above 0.", nameof(terms));
        }

        float sum = terms.Sum(term => term.Weight);
        if (!(sum <= 1.001f))
            throw new ArgumentException($"The weights add up to {sum}; they may add up to 1 at most.", nameof(terms));
        return new ColorQuery([.. terms], null);
    }

    /// <summary>Asks for images with the colours of one.</summary>
    /// <param name="histogram">Its histogram.</param>
    public static ColorQuery Of(SparseHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return new ColorQuery([], histogram);
    }

    /// <summary>The query as text that <see cref="Parse"/> reads; for a search by image, <c>image</c>.</summary>
    public override string ToString()
    {
        if (Image is not null)
            return "image";
        var terms = Terms.Select(term => FormattableString.Invariant($"{term.Color.ToHex()}:{term.Weight:0.###}"));
        return string.Join(',', Wildcard > 0.001f ? terms.Append(FormattableString.Invariant($"*:{Wildcard:0.###}")) : terms);
    }

    /// <summary>The query ready to measure images.</summary>
    internal TransportQuery Prepare(GroundCost cost) => Image is { } histogram
        ? TransportQuery.Of(histogram, MostImageBins, cost)
        : TransportQuery.Of([.. Terms.Select(term => (term.Color, term.Weight))], cost);
}
