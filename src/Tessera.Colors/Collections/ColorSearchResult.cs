namespace Tessera.Colors.Collections;

/// <summary>What a search answers.</summary>
/// <param name="Hits">The answers, the most alike first.</param>
/// <param name="Passing">Images that pass the filter.</param>
/// <param name="Candidates">Images that were looked at.</param>
/// <param name="Measured">Images whose transport was solved; bounds ruled the others out.</param>
/// <param name="IsExhaustive">Whether all images that pass were looked at, so that the answers are exactly the best.</param>
/// <param name="Facets">What the images that pass the filter are; null unless asked for.</param>
/// <param name="Timings">Where the time went.</param>
public sealed record ColorSearchResult(
    IReadOnlyList<ColorHit> Hits,
    int Passing,
    int Candidates,
    long Measured,
    bool IsExhaustive,
    Facets? Facets,
    ColorSearchTimings Timings);
