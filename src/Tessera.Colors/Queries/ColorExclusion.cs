using Tessera.Colors.Spaces;

namespace Tessera.Colors.Queries;

/// <summary>A colour of which an image may have little.</summary>
/// <param name="Color">The colour.</param>
/// <param name="MostShare">The largest share of an image that may be of about this colour (within 15 in L*a*b*; what lies up to 30 away counts in part), 0 to less than 1.</param>
public readonly record struct ColorExclusion(LabColor Color, float MostShare);
