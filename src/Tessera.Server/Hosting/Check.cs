using System.Globalization;

namespace Tessera.Server.Hosting;

/// <summary>Holds what callers give against what it may be, once, where it comes in.</summary>
internal static class Check
{
    public static int Range(int? value, int least, int most, int otherwise, string name)
    {
        int given = value ?? otherwise;
        return given >= least && given <= most ? given : throw RequestException.Bad($"{name} is {given}; give {least} to {most}.");
    }

    public static float Range(float? value, float least, float most, float otherwise, string name)
    {
        float given = value ?? otherwise;
        // Written so that NaN fails.
        return given >= least && given <= most
            ? given
            : throw RequestException.Bad(string.Create(CultureInfo.InvariantCulture, $"{name} is {given}; give {least} to {most}."));
    }

    /// <summary>A text that must not be blank or longer than some characters.</summary>
    public static string Text(string? value, int most, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw RequestException.Bad($"{name} is empty; give some text.");
        return value.Length <= most ? value : throw RequestException.Bad($"{name} has {value.Length} characters; give at most {most}.");
    }

    /// <summary>What a caller gave, short enough and plain enough to be repeated.</summary>
    public static string Shown(string value)
    {
        string plain = new([.. value.Take(60).Select(c => char.IsControl(c) ? '?' : c)]);
        return value.Length > 60 ? plain + "..." : plain;
    }
}
