using System.Globalization;

namespace Tessera.Music.Tokens;

/// <summary>Tempos as beats a minute: the shortest decimal that leads back to the same microseconds a quarter, so that none is lost.</summary>
internal static class TempoText
{
    private const decimal MicrosecondsPerMinute = 60_000_000;

    public static string Format(int microsecondsPerQuarter)
    {
        decimal exact = MicrosecondsPerMinute / microsecondsPerQuarter;
        for (int decimals = 0; ; decimals++)
        {
            string text = decimal.Round(exact, decimals).ToString("0.############", CultureInfo.InvariantCulture);
            if (Parse(text) == microsecondsPerQuarter)
                return text;
        }
    }

    /// <returns>Microseconds a quarter, or 0 for what is no tempo of a MIDI file.</returns>
    public static int Parse(ReadOnlySpan<char> text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal beats) || beats < 3.5m || beats > MicrosecondsPerMinute)
            return 0;
        int microseconds = (int)decimal.Round(MicrosecondsPerMinute / beats);
        return microseconds <= 0xFFFFFF ? microseconds : 0;
    }
}
