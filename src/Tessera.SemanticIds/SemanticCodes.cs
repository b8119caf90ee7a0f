namespace Tessera.SemanticIds;

/// <summary>Codes of many items: one row for each, one number for each level. An immutable view, nothing is copied.</summary>
public sealed class SemanticCodes
{
    /// <summary>Wraps numbers as rows of <paramref name="levels"/> codes.</summary>
    /// <param name="values">Row after row; the length must be a multiple of <paramref name="levels"/>, each number 0 or more.</param>
    /// <param name="levels">Codes in a row, at least 1.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of the levels, or a number is negative.</exception>
    public SemanticCodes(ReadOnlyMemory<int> values, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        if (values.Length % levels != 0)
            throw new ArgumentException($"{values.Length} numbers are not a whole number of rows of {levels} codes.", nameof(values));
        int negative = values.Span.IndexOfAnyExceptInRange(0, int.MaxValue);
        if (negative >= 0)
            throw new ArgumentException($"Number {negative} is {values.Span[negative]}; a code is 0 or more.", nameof(values));
        (Values, Levels) = (values, levels);
        Rows = values.Length / levels;
    }

    /// <summary>Number of items.</summary>
    public int Rows { get; }

    /// <summary>Codes of each item.</summary>
    public int Levels { get; }

    /// <summary>All codes, row after row.</summary>
    public ReadOnlyMemory<int> Values { get; }

    /// <summary>The codes of item number <paramref name="row"/>.</summary>
    public ReadOnlySpan<int> this[int row] => Values.Span.Slice(checked(row * Levels), Levels);

    /// <summary>The code of one item on one level.</summary>
    public int this[int row, int level] => this[row][level];
}
