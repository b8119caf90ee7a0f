namespace Tessera.Music.Tokens;

/// <summary>One bar, in sixty-fourth notes from the start of the score.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="IsCut">Whether a new meter ends it before its time.</param>
/// <param name="Numerator">Beats that its meter asks for.</param>
/// <param name="Denominator">The note that is one beat.</param>
internal readonly record struct BarSpan(double Start, double Length, bool IsCut, int Numerator, int Denominator);
