using Tessera.Colors.Collections;

namespace Tessera.Cli.Colors;

/// <summary>What <c>colors info</c> prints.</summary>
internal sealed record ColorsInfoResult(
    string Folder,
    int Images,
    int Unsaved,
    string Index,
    long IndexBytes,
    long HistogramBytes,
    Facets Facets,
    IReadOnlyList<BrokenImage> Broken);
