using Tessera.Colors.Transport;

namespace Tessera.Colors.Collections;

/// <summary>A catalogue that lives as long as its process: for collections that are made up, or indexed anew each time.</summary>
public sealed class InMemoryImageCatalog : IImageCatalog
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, (ImageRecord Image, long Revision)> _images = [];
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownFile> _broken = new(StringComparer.Ordinal);
    private long _lastId;

    /// <inheritdoc/>
    public string? Root { get; set; }

    /// <inheritdoc/>
    public long Revision { get; private set; }

    /// <inheritdoc/>
    public long IndexedRevision { get; set; }

    /// <inheritdoc/>
    public IEnumerable<CatalogRow> Rows()
    {
        lock (_lock)
        {
            return [.. _images.Select(pair => RowOf(pair.Value.Image.Entry, pair.Value.Revision))];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<KnownFile> Files()
    {
        lock (_lock)
        {
            var images = _images.Values.Select(pair => pair.Image.Entry).Select(entry => new KnownFile(entry.Path, entry.Id, entry.FileSize, entry.Modified, entry.ContentHash, null));
            return [.. images, .. _broken.Values];
        }
    }

    /// <inheritdoc/>
    public ImageEntry? Find(long id)
    {
        lock (_lock)
        {
            return _images.TryGetValue(id, out var found) ? found.Image.Entry : null;
        }
    }

    /// <inheritdoc/>
    public SparseHistogram? Histogram(long id)
    {
        lock (_lock)
        {
            return _images.TryGetValue(id, out var found) ? found.Image.Histogram : null;
        }
    }

    /// <inheritdoc/>
    public void Apply(CatalogChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.IsEmpty)
            return;
        lock (_lock)
        {
            Revision++;
            foreach (string path in changes.Removed)
                Remove(path);
            foreach (KnownFile file in changes.Broken)
            {
                Remove(file.Path);
                _broken[file.Path] = file;
            }

            foreach (KnownFile file in changes.Moved)
                Move(file);
            foreach (ImageRecord image in changes.Stored)
                Store(image);
        }
    }

    /// <inheritdoc/>
    public void SetTags(long id, IEnumerable<string> tags)
    {
        lock (_lock)
        {
            if (!_images.TryGetValue(id, out var found))
                return;
            Revision++;
            _images[id] = (found.Image with { Entry = found.Image.Entry with { Tags = ImageTags.Checked(tags) } }, found.Revision);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static CatalogRow RowOf(ImageEntry entry, long revision) =>
        new(entry.Id, revision, entry.Path, entry.FileSize, entry.Modified, entry.Width, entry.Height, entry.Class, entry.Tags);

    private void Remove(string path)
    {
        _broken.Remove(path);
        if (_ids.Remove(path, out long id))
            _images.Remove(id);
    }

    private void Move(KnownFile file)
    {
        var (image, revision) = _images[file.Id];
        _ids.Remove(image.Entry.Path);
        _broken.Remove(file.Path);
        _ids[file.Path] = file.Id;
        _images[file.Id] = (image with { Entry = image.Entry with { Path = file.Path, FileSize = file.FileSize, Modified = file.Modified } }, revision);
    }

    private void Store(ImageRecord image)
    {
        string path = image.Entry.Path;
        _broken.Remove(path);
        if (!_ids.TryGetValue(path, out long id))
            _ids.Add(path, id = ++_lastId);
        IReadOnlyList<string> tags = _images.TryGetValue(id, out var known) ? known.Image.Entry.Tags : [];
        _images[id] = (image with { Entry = image.Entry with { Id = id, Tags = tags } }, Revision);
    }
}
