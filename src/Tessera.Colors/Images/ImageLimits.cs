namespace Tessera.Colors.Images;

/// <summary>What a decoder refuses, since a small file can unpack to far more than memory.</summary>
public sealed record ImageLimits
{
    /// <summary>The defaults.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Most pixels of an image, as its header says (default 100 million).</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Most bytes of an encoded image (default 256 MiB).</summary>
    public long MaxBytes { get; init; } = 256L << 20;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBytes, Array.MaxLength);
    }
}
