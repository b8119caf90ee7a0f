using System.Globalization;

namespace Tessera.Colors.Spaces;

/// <summary>A colour of a screen: sRGB, a byte each.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct RgbColor(byte R, byte G, byte B)
{
    /// <summary>Reads <c>#rrggbb</c> or <c>#rgb</c>, with or without the <c>#</c>, in either case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="color">The colour, when true is returned.</param>
    public static bool TryParseHex(ReadOnlySpan<char> text, out RgbColor color)
    {
        color = default;
        if (text.StartsWith('#'))
            text = text[1..];
        if (text.Length is not (3 or 6) || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
            return false;
        // A short form doubles each digit: #f80 is #ff8800.
        color = text.Length == 6
            ? new RgbColor((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : new RgbColor((byte)((value >> 8) * 17), (byte)((value >> 4 & 15) * 17), (byte)((value & 15) * 17));
        return true;
    }

    /// <summary>Reads <c>#rrggbb</c> or <c>#rgb</c>, with or without the <c>#</c>, in either case.</summary>
    /// <exception cref="FormatException">The text is no such colour.</exception>
    public static RgbColor ParseHex(ReadOnlySpan<char> text) => TryParseHex(text, out RgbColor color)
        ? color
        : throw new FormatException($"'{text}' is no colour; write 3 or 6 hexadecimal digits, such as #f80 or #ff8800.");

    /// <summary>The colour as <c>#rrggbb</c>.</summary>
    public string ToHex() => $"#{R:x2}{G:x2}{B:x2}";

    /// <inheritdoc/>
    public override string ToString() => ToHex();
}
