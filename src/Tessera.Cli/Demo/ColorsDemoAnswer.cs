using Tessera.Cli.Colors;

namespace Tessera.Cli.Demo;

/// <summary>An image that was found, by its palette.</summary>
internal sealed record ColorsDemoAnswer(double Similarity, IReadOnlyList<Swatch> Palette);
