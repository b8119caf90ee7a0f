namespace Tessera.Music.Tokens;

/// <summary>How notes become tokens.</summary>
public sealed record TokenizerOptions
{
    /// <summary>Grid steps in a quarter note (default 12, which holds sixteenths and triplets); a divisor of 480.</summary>
    public int StepsPerQuarter { get; init; } = 12;

    /// <summary>Velocities are rounded to multiples of this, 1 to 64 (default 5).</summary>
    public int VelocityStep { get; init; } = 5;

    /// <summary>Most bars of a piece (default 20,000); longer ones are refused, since a few bytes of MIDI can announce millions.</summary>
    public int MaxBars { get; init; } = 20_000;

    /// <summary>Refuses a setting that is out of range, by its own name.</summary>
    internal void Validate()
    {
        if (StepsPerQuarter < 1 || Tokenizer.TicksPerQuarter % StepsPerQuarter != 0)
            throw new ArgumentOutOfRangeException(nameof(StepsPerQuarter), StepsPerQuarter, "Give a divisor of 480, such as 4, 12 or 24.");
        if (VelocityStep is < 1 or > 64)
            throw new ArgumentOutOfRangeException(nameof(VelocityStep), VelocityStep, "Give 1 to 64.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBars, 1);
    }
}
