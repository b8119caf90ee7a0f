namespace Tessera.Colors.Transport;

/// <summary>What it costs to take one colour for another.</summary>
public sealed record GroundCost
{
    /// <summary>The defaults.</summary>
    public static GroundCost Default { get; } = new();

    /// <summary>Distance in L*a*b* from which on colours are just different (default 80): a missing colour costs this, whatever stands in its place.</summary>
    public float Saturation { get; init; } = 80;

    /// <summary>Whether distances count by their squares, over the saturation, so that both kinds have the same range (default false). Squares forgive small differences and fear large ones; plain distances find accents better.</summary>
    public bool IsSquared { get; init; }

    /// <summary>
    /// How much more a small colour counts for its size, 0 to 1 (default 0.5): a colour of weight w counts like w^(1 - Emphasis).
    /// At 0 the cost is the plain earth mover's distance, in which a missing accent of 5% matters less than a slightly different background.
    /// </summary>
    public float Emphasis { get; init; } = 0.5f;

    /// <summary>What it costs by distance.</summary>
    /// <param name="distance">Distance in L*a*b*.</param>
    public float Of(float distance)
    {
        float cut = Math.Min(distance, Saturation);
        return IsSquared ? cut * cut / Saturation : cut;
    }

    /// <summary>Checks the rules.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public void Validate()
    {
        if (!(Saturation > 0) || Saturation > 1000)
            throw new ArgumentOutOfRangeException(nameof(Saturation), Saturation, "The saturation must be more than 0 and at most 1000.");
        if (!(Emphasis >= 0 && Emphasis <= 1))
            throw new ArgumentOutOfRangeException(nameof(Emphasis), Emphasis, "The emphasis must be between 0 and 1.");
    }
}
