namespace Tessera.Colors.Indexes;

/// <summary>What <see cref="AnnTuning"/> tries, and how it measures.</summary>
public sealed record AnnTuningOptions
{
    /// <summary>The defaults.</summary>
    public static AnnTuningOptions Default { get; } = new();

    /// <summary>Settings to build; of each, several numbers of probes are measured (default: the three presets).</summary>
    public IReadOnlyList<ColorConfig> Configs { get; init; } = [ColorConfig.MemoryConstrained, ColorConfig.AccuracyFocused, ColorConfig.SpeedFocused];

    /// <summary>True neighbours of each query, at least 1 (default 10).</summary>
    public int Neighbors { get; init; } = 10;

    /// <summary>Candidates among which they are looked for, at least <see cref="Neighbors"/> (default 256).</summary>
    public int Candidates { get; init; } = 256;

    /// <summary>The recall that the recommended setting is to have, above 0 and at most 1 (default 0.95).</summary>
    public double Recall { get; init; } = 0.95;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Configs);
        if (Configs.Count == 0)
            throw new ArgumentException("There are no settings to try; give at least one.", nameof(Configs));
        ArgumentOutOfRangeException.ThrowIfLessThan(Neighbors, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Candidates, Neighbors);
        if (!(Recall is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Recall), Recall, "The recall is above 0 and at most 1, such as 0.95.");
        foreach (ColorConfig config in Configs)
            config.ValidateConfig();
    }
}
