namespace Tessera.Colors.Collections;

/// <summary>What the images that pass a filter are, counted; the most frequent first.</summary>
/// <param name="Images">How many pass.</param>
/// <param name="Classes">By the class of their dominant colour.</param>
/// <param name="Folders">By folder; the 50 with the most.</param>
/// <param name="Tags">By tag; the 50 with the most.</param>
/// <param name="Years">By the year in which they were last written.</param>
public sealed record Facets(
    int Images,
    IReadOnlyList<FacetCount> Classes,
    IReadOnlyList<FacetCount> Folders,
    IReadOnlyList<FacetCount> Tags,
    IReadOnlyList<FacetCount> Years);
