using Tessera.Colors.Collections;

namespace Tessera.Cli.Colors;

/// <summary>What <c>colors search</c> prints.</summary>
internal sealed record ColorsSearchResult(
    string Query,
    IReadOnlyList<FoundImage> Images,
    int Passing,
    int Candidates,
    long Measured,
    bool IsExhaustive,
    ColorSearchTimings Milliseconds,
    Facets? Facets);
