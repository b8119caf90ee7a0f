namespace Tessera.Colors.Collections;

/// <summary>How a folder is indexed.</summary>
public sealed record IndexingOptions
{
    /// <summary>The defaults.</summary>
    public static IndexingOptions Default { get; } = new();

    /// <summary>Threads that decode; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }

    /// <summary>Longest side that images are made smaller to before their colours are counted (default 256).</summary>
    public int LongestSide { get; init; } = Images.IImageDecoder.DefaultLongestSide;

    /// <summary>Colours of a palette (default 6).</summary>
    public int PaletteColors { get; init; } = 6;

    /// <summary>Images that enter the catalogue together (default 128): what a killed process may have done in vain.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Largest file that is read, in bytes (default 256 MiB).</summary>
    public long LargestFile { get; init; } = 256L << 20;

    /// <summary>Checks the rules.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestSide, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(PaletteColors, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LargestFile, 1);
    }
}
