using System.Globalization;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Queries;

/// <summary>Reads the text of queries: colours with commas between, each with a number behind a colon or without.</summary>
internal sealed class ColorQueryReader(string text)
{
    private int _at;

    public List<ColorTerm> ReadTerms()
    {
        List<Item> items = ReadItems();
        Item[] colors = [.. items.Where(item => item.Color is not null)];
        Item? wildcard = items.Find(item => item.Color is null);
        if (colors.Length == 0)
            throw Wrong(0, "there is no colour; name at least one.");
        if (items.Count - colors.Length > 1)
            throw Wrong(items.FindLast(item => item.Color is null)!.At, "there is a second '*'; give one for all that may be anything.");
        if (colors.Length > ColorQuery.MostColors)
            throw Wrong(colors[ColorQuery.MostColors].At, $"there are more than {ColorQuery.MostColors} colours.");
        bool isWeighted = colors[0].Number is not null;
        foreach (Item color in colors)
        {
            if (color.Number is not null != isWeighted)
                throw Wrong(color.At, "weights are given for all colours or for none.");
            if (color.Number == 0)
                throw Wrong(color.NumberAt, "a weight is above 0; leave the colour out, or exclude it.");
        }

        return Weighted(colors, wildcard, isWeighted);
    }

    public List<ColorExclusion> ReadExclusions()
    {
        var exclusions = new List<ColorExclusion>();
        foreach (Item item in ReadItems())
        {
            if (item.Color is not { } color)
                throw Wrong(item.At, "'*' cannot be excluded; name a colour.");
            float most = item.Number ?? 0;
            if (most >= 1)
                throw Wrong(item.NumberAt, "the largest share must be below 1 (100%).");
            exclusions.Add(new ColorExclusion(color, most));
        }

        return exclusions;
    }

    private List<ColorTerm> Weighted(Item[] colors, Item? wildcard, bool isWeighted)
    {
        float sum = isWeighted ? colors.Sum(color => color.Number!.Value) : colors.Length;
        float whole = sum;
        if (wildcard is { Number: { } open })
        {
            if (!isWeighted)
                throw Wrong(wildcard.At, "'*' has a weight and the colours have none; give all of them one.");
            whole = sum + open;
        }
        else if (wildcard is not null)
        {
            // All but the shares that are named; colours without weights share half of the image.
            whole = isWeighted ? 1 : 2 * sum;
            if (sum >= 1 && isWeighted)
                throw Wrong(wildcard.At, string.Create(CultureInfo.InvariantCulture, $"nothing is left for '*': the weights add up to {sum:0.###}, which must be below 1."));
        }

        return [.. colors.Select(color => new ColorTerm(color.Color!.Value, (color.Number ?? 1) / whole))];
    }

    private List<Item> ReadItems()
    {
        var items = new List<Item>();
        while (true)
        {
            items.Add(ReadItem());
            if (_at == text.Length)
                return items;
            // The comma.
            _at++;
        }
    }

    private Item ReadItem()
    {
        SkipSpaces();
        int start = _at;
        string word = ReadUntil(":,");
        if (word.Length == 0)
            throw Wrong(start, "a colour is missing; write #rgb, #rrggbb, a name of CSS, or * for anything.");
        LabColor? color = word == "*" ? null : ReadColor(word, start);
        if (_at == text.Length || text[_at] == ',')
            return new Item(start, color, null, 0);
        _at++;
        SkipSpaces();
        int numberAt = _at;
        return new Item(start, color, ReadNumber(ReadUntil(","), numberAt), numberAt);
    }

    private LabColor ReadColor(string word, int at)
    {
        if (word.StartsWith('#'))
        {
            return RgbColor.TryParseHex(word, out RgbColor hex)
                ? LabColor.FromRgb(hex)
                : throw Wrong(at, $"'{word}' is no colour; write 3 or 6 hexadecimal digits, such as #f80 or #ff8800.");
        }

        if (CssColors.TryFind(word, out RgbColor named) || RgbColor.TryParseHex(word, out named))
            return LabColor.FromRgb(named);
        throw Wrong(at, $"'{word}' is no colour; did you mean {CssColors.Suggest(word)}? Write #rgb, #rrggbb or a name of CSS.");
    }

    private float ReadNumber(string word, int at)
    {
        bool isPercent = word.EndsWith('%');
        ReadOnlySpan<char> digits = isPercent ? word.AsSpan(0, word.Length - 1).TrimEnd() : word;
        if (!float.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out float number) || number is not (>= 0 and <= 1e6f))
            throw Wrong(at, $"'{word}' is no weight; write a number such as 0.3, or a percentage such as 30%.");
        return isPercent ? number / 100 : number;
    }

    private string ReadUntil(string ends)
    {
        int start = _at;
        while (_at < text.Length && !ends.Contains(text[_at], StringComparison.Ordinal))
            _at++;
        return text[start.._at].Trim();
    }

    private void SkipSpaces()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    private ColorQueryException Wrong(int at, string problem) => new(text, at, problem);

    /// <summary>One colour, or null for '*', and the number behind it.</summary>
    private sealed record Item(int At, LabColor? Color, float? Number, int NumberAt);
}
