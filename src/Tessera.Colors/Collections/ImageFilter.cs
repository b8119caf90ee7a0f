using Tessera.Colors.Histograms;
using Tessera.Colors.Palettes;

namespace Tessera.Colors.Collections;

/// <summary>Which images a search may answer with; what is null or empty does not matter. All that is given must hold.</summary>
public sealed record ImageFilter
{
    /// <summary>A folder inside the indexed one, with all folders in it; with <c>/</c> between.</summary>
    public string? Folder { get; init; }

    /// <summary>Least bytes of the file.</summary>
    public long? MinFileSize { get; init; }

    /// <summary>Most bytes of the file.</summary>
    public long? MaxFileSize { get; init; }

    /// <summary>Least pixels in a row.</summary>
    public int? MinWidth { get; init; }

    /// <summary>Least rows.</summary>
    public int? MinHeight { get; init; }

    /// <summary>Earliest time that the file was last written, UTC.</summary>
    public DateTime? ModifiedFrom { get; init; }

    /// <summary>Time before which the file was last written, UTC.</summary>
    public DateTime? ModifiedBefore { get; init; }

    /// <summary>A tag that the image bears.</summary>
    public string? Tag { get; init; }

    /// <summary>The class of the dominant colour.</summary>
    public ColorClass? Class { get; init; }

    /// <summary>Whether every image passes.</summary>
    internal bool IsOpen => this == new ImageFilter() || this == new ImageFilter { Folder = "" };

    /// <summary>Whether a folder is the one asked for or in it.</summary>
    internal bool Admits(string folder)
    {
        if (string.IsNullOrEmpty(Folder))
            return true;
        string wanted = Folder.Replace('\\', '/').Trim('/');
        return folder.StartsWith(wanted, StringComparison.Ordinal) && (folder.Length == wanted.Length || wanted.Length == 0 || folder[wanted.Length] == '/');
    }
}
