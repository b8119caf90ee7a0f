using Tessera.Colors.Spaces;

namespace Tessera.Colors.Queries;

/// <summary>A colour of a query.</summary>
/// <param name="Color">The colour.</param>
/// <param name="Weight">The share of an image that is to be of it, above 0 and at most 1.</param>
public readonly record struct ColorTerm(LabColor Color, float Weight);
