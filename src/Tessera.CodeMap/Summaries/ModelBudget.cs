namespace Tessera.CodeMap.Summaries;

/// <summary>What summaries may cost. When it is spent, the clusters that are left get extracts.</summary>
public sealed record ModelBudget
{
    /// <summary>No limit.</summary>
    public static ModelBudget Unlimited { get; } = new();

    /// <summary>Calls at most; null (default) for no limit.</summary>
    public long? Calls { get; init; }

    /// <summary>Tokens at most, in and out together; null (default) for no limit. The call that reaches it is still made.</summary>
    public long? Tokens { get; init; }

    /// <summary>Money at most, in the currency of the prices; null (default) for no limit. The call that reaches it is still made.</summary>
    public decimal? Money { get; init; }

    /// <summary>Price of a million tokens in (default 0).</summary>
    public decimal InputPrice { get; init; }

    /// <summary>Price of a million tokens out (default 0).</summary>
    public decimal OutputPrice { get; init; }

    /// <summary>Reads a limit as the command line has it: <c>100calls</c>, <c>50000tokens</c>, <c>2.50money</c>, several joined by commas.</summary>
    /// <param name="text">The limits, and prices as <c>0.15in</c> and <c>0.60out</c> for a million tokens.</param>
    /// <exception cref="FormatException">It is not written like that, or limits money without a price.</exception>
    public static ModelBudget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ModelBudget budget = Unlimited;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int unit = 0;
            while (unit < part.Length && (char.IsAsciiDigit(part[unit]) || part[unit] == '.'))
                unit++;
            if (!decimal.TryParse(part.AsSpan(0, unit), System.Globalization.CultureInfo.InvariantCulture, out decimal amount))
                throw Wrong(text);
            budget = part[unit..] switch
            {
                "calls" => budget with { Calls = (long)amount },
                "tokens" => budget with { Tokens = (long)amount },
                "money" => budget with { Money = amount },
                "in" => budget with { InputPrice = amount },
                "out" => budget with { OutputPrice = amount },
                _ => throw Wrong(text),
            };
        }

        if (budget.Money is not null && budget is { InputPrice: 0, OutputPrice: 0 })
            throw new FormatException($"'{text}' limits money but says no price; add those of a million tokens, such as 0.15in,0.60out.");
        return budget;
    }

    private static FormatException Wrong(string text) =>
        new($"'{text}' is no budget; write such as 100calls, 50000tokens or 2.50money,0.15in,0.60out.");
}
