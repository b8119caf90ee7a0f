namespace Tessera.Indexes;

/// <summary>What one search of a <see cref="TreeIndex"/> looked at, and what that proves.</summary>
/// <param name="Leaves">Leaves visited.</param>
/// <param name="Vectors">Vectors measured.</param>
/// <param name="Proved">Whether no vector elsewhere can be nearer than the answers: they are then those of a <see cref="FlatIndex"/>, to the bit.</param>
public readonly record struct TreeVisit(int Leaves, long Vectors, bool Proved);
