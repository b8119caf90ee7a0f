using System.Globalization;

namespace Tessera.Indexes;

/// <summary>Walks through a factory string from its beginning; what is not there it does not move past.</summary>
internal ref struct SpecificationReader(ReadOnlySpan<char> text)
{
    private const int MostDigits = 9;

    /// <summary>What has not been read yet.</summary>
    public ReadOnlySpan<char> Rest { get; private set; } = text;

    /// <summary>Moves past a word, in capitals or not.</summary>
    public bool Take(string word)
    {
        if (!Rest.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            return false;
        Rest = Rest[word.Length..];
        return true;
    }

    /// <summary>Moves past a whole number of at most nine digits.</summary>
    public bool TakeNumber(out int number)
    {
        int digits = Rest.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? Rest.Length : digits;
        number = 0;
        if (digits is 0 or > MostDigits)
            return false;
        number = int.Parse(Rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        Rest = Rest[digits..];
        return true;
    }
}
