namespace Tessera.Colors.Collections;

/// <summary>Where the time of a search went, in milliseconds, measured.</summary>
/// <param name="Prepare">Tables of the query's costs.</param>
/// <param name="Filter">Finding what passes the filter; counting facets.</param>
/// <param name="Index">Candidates from the index; 0 where all images were measured.</param>
/// <param name="Bounds">Bounds from below, and exclusions.</param>
/// <param name="Transport">Transport of what the bounds did not rule out.</param>
/// <param name="Details">Reading the answers' entries from the catalogue.</param>
/// <param name="Total">All of it.</param>
public sealed record ColorSearchTimings(double Prepare, double Filter, double Index, double Bounds, double Transport, double Details, double Total);
