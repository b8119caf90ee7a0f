using Tessera.Quantization;

namespace Tessera.Indexes;

/// <summary>Shape of an <see cref="IvfPqIndex"/>.</summary>
public sealed record IvfPqOptions
{
    /// <summary>Little memory: 100 lists, 8 codes of 8 bits, 10 probes.</summary>
    public static IvfPqOptions MemoryConstrained { get; } = new();

    /// <summary>High recall: 200 lists, 16 codes of 8 bits, 20 probes.</summary>
    public static IvfPqOptions AccuracyFocused { get; } = new() { Lists = 200, Subquantizers = 16, Probes = 20 };

    /// <summary>High speed: 50 lists, 4 codes of 6 bits, 5 probes.</summary>
    public static IvfPqOptions SpeedFocused { get; } = new() { Lists = 50, Subquantizers = 4, Bits = 6, Probes = 5 };

    private readonly int? _probes;

    /// <summary>Inverted lists (default 100). About the square root of the number of vectors, to 16 times that; 0 for none, when every search scans all codes.</summary>
    public int Lists { get; init; } = 100;

    /// <summary>Subquantizers M, which must divide the dimension (default 8).</summary>
    public int Subquantizers { get; init; } = 8;

    /// <summary>Levels of a residual code in the place of a product code (default 0: product codes). Codes of few bytes then have less error, and take longer to train and to make.</summary>
    public int Levels { get; init; }

    /// <summary>Partial residual codes that are kept while coding, 1 to <see cref="ResidualQuantizer.MostBeam"/> (default 5): more find codes of less error and take longer.</summary>
    public int Beam { get; init; } = 5;

    /// <summary>Bits of each subquantizer or level, 1 to 16 (default 8, which is also the fastest to scan).</summary>
    public int Bits { get; init; } = 8;

    /// <summary>Lists that a search visits unless it says otherwise, 1 to <see cref="Lists"/> (default 10, or all where there are fewer).</summary>
    public int Probes
    {
        get => _probes ?? Math.Min(10, ListCount);
        init => _probes = value;
    }

    /// <summary>Whether codes stand for a vector less its list's centroid (true) or for the vector itself (false). Null (default) lets training choose what it can code with the smaller error: mostly residuals, but for sparse data, such as images with an empty background, the vectors.</summary>
    public bool? Residual { get; init; }

    /// <summary>Whether and where the vectors are kept, by whose exact distances the candidates of a search are then ranked anew (default: not).</summary>
    public RefineStorage Refine { get; init; }

    /// <summary>Bytes of one vector's code.</summary>
    public int CodeSize => (Parts * Bits + 7) / 8;

    /// <summary>Numbers in a code.</summary>
    internal int Parts => Levels > 0 ? Levels : Subquantizers;

    /// <summary>Lists that there are; without an inverted file, one that holds everything.</summary>
    internal int ListCount => Math.Max(1, Lists);

    /// <summary>Checks the rules for vectors of a dimension.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message says what would be right.</exception>
    public void Validate(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Levels);
        if (Levels > 0)
            ResidualQuantizer.Validate(dimension, Levels, Bits, Beam);
        else
            ProductQuantizer.Validate(dimension, Subquantizers, Bits);
        if (Lists is < 0 or > 1 << 24)
            throw OutOfRange(nameof(Lists), Lists, "The number of lists must be between 1 and 16777216, or 0 for none.");
        if (Probes < 1 || Probes > ListCount)
            throw OutOfRange(nameof(Probes), Probes, $"Probes must be between 1 and the number of lists, {ListCount}.");
        if (!Enum.IsDefined(Refine))
            throw OutOfRange(nameof(Refine), (int)Refine, "Refine must be None, Full, Half or Mapped.");
    }

    private static ArgumentOutOfRangeException OutOfRange(string property, int value, string message) => new(property, value, message);
}
