using Tessera.Colors.Histograms;
using Tessera.Colors.Palettes;

namespace Tessera.Colors.Collections;

/// <summary>An image of a collection.</summary>
/// <param name="Id">Its number, which it keeps when its content changes or when it is moved inside the folder; never given twice.</param>
/// <param name="Path">Its path inside the indexed folder, with <c>/</c> between.</param>
/// <param name="FileSize">Bytes of the file.</param>
/// <param name="Modified">When the file was last written, UTC.</param>
/// <param name="ContentHash">SHA-256 of the file's bytes, hexadecimal.</param>
/// <param name="Width">Pixels in a row, upright.</param>
/// <param name="Height">Rows, upright.</param>
/// <param name="Class">The class of its dominant colour.</param>
/// <param name="Palette">Its main colours, the largest first.</param>
/// <param name="Tags">Its tags, in the order of the alphabet.</param>
public sealed record ImageEntry(
    long Id,
    string Path,
    long FileSize,
    DateTime Modified,
    string ContentHash,
    int Width,
    int Height,
    ColorClass Class,
    IReadOnlyList<PaletteColor> Palette,
    IReadOnlyList<string> Tags)
{
    /// <summary>The folder of a path, without a <c>/</c> at its end; empty for the indexed folder itself.</summary>
    internal static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
