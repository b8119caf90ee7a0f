namespace Tessera.Server.Colors;

/// <summary>Images, the most alike first.</summary>
/// <param name="Results">One page of them.</param>
/// <param name="Total">Images that pass the filters.</param>
/// <param name="Offset">Answers before this page.</param>
/// <param name="Facets">What the images that pass the filters are.</param>
/// <param name="Timings">Where the time went.</param>
/// <param name="Query">The colours of the image that was searched by; null for others.</param>
internal sealed record ColorSearchAnswer(
    IReadOnlyList<ImageHit> Results, int Total, int Offset, FacetList? Facets, SearchTimings Timings, PaletteAnswer? Query = null);
