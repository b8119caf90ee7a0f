namespace Tessera.Colors.Collections;

/// <summary>What indexing a folder did.</summary>
/// <param name="Files">Files with an extension of images that were found.</param>
/// <param name="Added">Images that are new.</param>
/// <param name="Changed">Images whose content changed.</param>
/// <param name="Moved">Images that are at another path, or have another date, with the same content.</param>
/// <param name="Removed">Images that are gone.</param>
/// <param name="Unchanged">Files that were not looked at again.</param>
/// <param name="Broken">Files that cannot be read as images, from this run and earlier ones.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record IndexingReport(int Files, int Added, int Changed, int Moved, int Removed, int Unchanged, IReadOnlyList<BrokenFile> Broken, double Seconds)
{
    /// <summary>Whether the collection is another than before.</summary>
    public bool HasChanges => Added + Changed + Moved + Removed > 0;
}
