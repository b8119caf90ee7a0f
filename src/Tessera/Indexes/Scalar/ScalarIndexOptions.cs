using Tessera.Quantization;

namespace Tessera.Indexes;

/// <summary>Shape of a <see cref="ScalarIndex"/>.</summary>
public sealed record ScalarIndexOptions
{
    private readonly int? _probes;

    /// <summary>How each number is stored (default: a byte).</summary>
    public ScalarCode Code { get; init; } = ScalarCode.EightBit;

    /// <summary>Inverted lists; 0 (default) for none, when every search scans all codes.</summary>
    public int Lists { get; init; }

    /// <summary>Lists that a search visits unless it says otherwise, 1 to <see cref="Lists"/> (default 10, or all where there are fewer).</summary>
    public int Probes
    {
        get => _probes ?? Math.Min(10, Math.Max(1, Lists));
        init => _probes = value;
    }

    /// <summary>Checks the rules.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message says what would be right.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Code))
            throw OutOfRange(nameof(Code), (int)Code, "Give EightBit, Half or BFloat.");
        if (Lists is < 0 or > 1 << 24)
            throw OutOfRange(nameof(Lists), Lists, "The number of lists must be between 1 and 16777216, or 0 for none.");
        if (Probes < 1 || Probes > Math.Max(1, Lists))
            throw OutOfRange(nameof(Probes), Probes, $"Probes must be between 1 and the number of lists, {Math.Max(1, Lists)}.");
    }

    private static ArgumentOutOfRangeException OutOfRange(string property, int value, string message) => new(property, value, message);
}
