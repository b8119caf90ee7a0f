using System.Globalization;

namespace Tessera.Cli.Rendering;

/// <summary>Numbers as people read them, and as JSON carries them without digits that mean nothing.</summary>
internal static class Figures
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Rate(double perSecond) => perSecond.ToString(perSecond < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture);

    public static string Fixed(double value, int decimals) => value.ToString("F" + decimals, CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => seconds.ToString(seconds < 10 ? "0.00 's'" : "0.0 's'", CultureInfo.InvariantCulture);

    public static string Bytes(double bytes)
    {
        int unit = 0;
        for (; bytes >= 1000 && unit < Units.Length - 1; unit++)
            bytes /= 1000;
        return bytes.ToString(unit == 0 ? "0.#" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>Rounds to some significant digits.</summary>
    public static double Significant(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
            return value;
        // Parsing what was printed gives the double nearest to the short decimal, which scaling by powers of ten does not.
        return double.Parse(value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
