using Tessera.Colors.Histograms;
using Tessera.Colors.Palettes;

namespace Tessera.Colors.Collections;

/// <summary>What filters and facets look at of an image.</summary>
/// <param name="Id">The image.</param>
/// <param name="Revision">The catalogue's revision in which its colours last changed.</param>
/// <param name="Path">Its path.</param>
/// <param name="FileSize">Bytes of its file.</param>
/// <param name="Modified">When it was last written, UTC.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Class">The class of its dominant colour.</param>
/// <param name="Tags">Its tags.</param>
public readonly record struct CatalogRow(long Id, long Revision, string Path, long FileSize, DateTime Modified, int Width, int Height, ColorClass Class, IReadOnlyList<string> Tags);
