namespace Tessera.Colors.Collections;

/// <summary>Changes that enter a catalogue together or not at all.</summary>
public sealed record CatalogChanges
{
    /// <summary>Images that are new at their paths, or whose content changed.</summary>
    public IReadOnlyList<ImageRecord> Stored { get; init; } = [];

    /// <summary>Files whose content is as known, under the ids of their images: at another path, or with another date.</summary>
    public IReadOnlyList<KnownFile> Moved { get; init; } = [];

    /// <summary>Files that cannot be read as images; images that were at their paths go.</summary>
    public IReadOnlyList<KnownFile> Broken { get; init; } = [];

    /// <summary>Paths of files that are gone.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Whether nothing changes.</summary>
    public bool IsEmpty => Stored.Count + Moved.Count + Broken.Count + Removed.Count == 0;
}
