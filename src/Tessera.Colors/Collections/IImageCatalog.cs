using Tessera.Colors.Transport;

namespace Tessera.Colors.Collections;

/// <summary>
/// Where a collection keeps what it knows of its images. What <see cref="Apply"/> returned from survives the end of the process.
/// Several threads may use one; other processes may read and write the same store meanwhile.
/// </summary>
public interface IImageCatalog : IDisposable
{
    /// <summary>The indexed folder; null before the first indexing.</summary>
    string? Root { get; set; }

    /// <summary>Counts what <see cref="Apply"/> and <see cref="SetTags"/> changed.</summary>
    long Revision { get; }

    /// <summary>The revision that the saved index files were made of; 0 for none.</summary>
    long IndexedRevision { get; set; }

    /// <summary>All images, by rising id, as they are at one moment.</summary>
    IEnumerable<CatalogRow> Rows();

    /// <summary>All files that were looked at.</summary>
    IReadOnlyList<KnownFile> Files();

    /// <summary>An image; null where there is none with this id.</summary>
    ImageEntry? Find(long id);

    /// <summary>The colours of an image; null where there is none with this id.</summary>
    SparseHistogram? Histogram(long id);

    /// <summary>Changes the catalogue in one transaction.</summary>
    void Apply(CatalogChanges changes);

    /// <summary>Replaces the tags of an image; ids that are not there are passed over.</summary>
    /// <param name="id">The image.</param>
    /// <param name="tags">Texts of one line that are not blank.</param>
    void SetTags(long id, IEnumerable<string> tags);
}
