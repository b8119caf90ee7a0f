namespace Tessera.Colors.Transport;

/// <summary>How far Sinkhorn's iterations go.</summary>
public sealed record SinkhornOptions
{
    /// <summary>The defaults.</summary>
    public static SinkhornOptions Default { get; } = new();

    /// <summary>Strength of the entropy, as a share of the saturation (default 0.005): smaller is nearer to exact and slower to converge.</summary>
    public double Epsilon { get; init; } = 0.005;

    /// <summary>Iterations (default 50).</summary>
    public int Iterations { get; init; } = 50;

    /// <summary>Checks the rules.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public void Validate()
    {
        if (!(Epsilon >= 1e-4 && Epsilon <= 10))
            throw new ArgumentOutOfRangeException(nameof(Epsilon), Epsilon, "Epsilon must be between 0.0001 and 10.");
        if (Iterations is < 1 or > 10_000)
            throw new ArgumentOutOfRangeException(nameof(Iterations), Iterations, "Iterations must be between 1 and 10000.");
    }
}
