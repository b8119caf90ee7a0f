namespace Tessera.Indexes;

/// <summary>Shape of an <see cref="IvfFlatIndex"/>.</summary>
public sealed record IvfFlatOptions
{
    private readonly int? _probes;

    /// <summary>Inverted lists, at least 1 (default 100). About the square root of the number of vectors, to 16 times that.</summary>
    public int Lists { get; init; } = 100;

    /// <summary>Lists that a search visits unless it says otherwise, 1 to <see cref="Lists"/> (default 10, or all where there are fewer).</summary>
    public int Probes
    {
        get => _probes ?? Math.Min(10, Lists);
        init => _probes = value;
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message says what would be right.</exception>
    public void Validate()
    {
        if (Lists is < 1 or > 1 << 24)
            throw OutOfRange(nameof(Lists), Lists, "The number of lists must be between 1 and 16777216.");
        if (Probes < 1 || Probes > Lists)
            throw OutOfRange(nameof(Probes), Probes, $"Probes must be between 1 and the number of lists, {Lists}.");
    }

    private static ArgumentOutOfRangeException OutOfRange(string property, int value, string message) => new(property, value, message);
}
