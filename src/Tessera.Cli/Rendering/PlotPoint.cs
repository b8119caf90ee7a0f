namespace Tessera.Cli.Rendering;

/// <summary>One point of a curve.</summary>
/// <param name="X">Along the horizontal axis.</param>
/// <param name="Y">Along the vertical axis.</param>
/// <param name="Label">Short text beside the point.</param>
/// <param name="Title">What a viewer shows when the pointer rests on it.</param>
internal readonly record struct PlotPoint(double X, double Y, string Label, string Title);
