namespace Tessera.Colors.Collections;

/// <summary>An answer of a search.</summary>
/// <param name="Image">The image.</param>
/// <param name="Distance">How far its colours are from those asked for, in L*a*b*: 0 for the same, the saturation for nothing of them. Includes what an image is set back, up to 5 for each colour, for more of a colour than was asked.</param>
/// <param name="Similarity">1 for the same colours, 0 for nothing of them.</param>
public sealed record ColorHit(ImageEntry Image, double Distance, double Similarity);
