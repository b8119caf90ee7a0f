using System.Diagnostics;
using System.Security.Cryptography;
using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Palettes;
using Tessera.Colors.Transport;
using Tessera.Quantization;

namespace Tessera.Colors.Collections;

/// <summary>
/// Brings a catalogue up to date with a folder of images: decodes what is new or changed on all processors, and stores it batch by
/// batch, so that a run that is stopped or killed has done what it stored, and the next goes on from there.
/// </summary>
public sealed class FolderIndexer
{
    private readonly string _root;
    private readonly IImageCatalog _catalog;
    private readonly IImageDecoder _decoder;
    private readonly IndexingOptions _options;

    /// <summary>Makes one.</summary>
    /// <param name="root">The folder of images.</param>
    /// <param name="catalog">The catalogue of it.</param>
    /// <param name="decoder">Makes pixels of files.</param>
    /// <param name="options">How to index; null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">The catalogue is of another folder.</exception>
    public FolderIndexer(string root, IImageCatalog catalog, IImageDecoder decoder, IndexingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(decoder);
        _options = options ?? IndexingOptions.Default;
        _options.Validate();
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (!Directory.Exists(_root))
            throw new DirectoryNotFoundException($"{root}: no such folder of images.");
        if (catalog.Root is { } other && other != _root)
            throw new ArgumentException($"The index is of {other}; keep one for each folder.", nameof(root));
        (_catalog, _decoder) = (catalog, decoder);
    }

    /// <summary>Looks at the folder once.</summary>
    /// <param name="progress">Told how many of the files that are to be read are done.</param>
    /// <param name="cancellationToken">Stops; what was stored stays.</param>
    /// <exception cref="ImageException">Nothing at all can be decoded here.</exception>
    public IndexingReport Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        long start = Stopwatch.GetTimestamp();
        _catalog.Root ??= _root;
        var known = _catalog.Files().ToDictionary(file => file.Path, StringComparer.Ordinal);
        List<FoundFile> found = Find(cancellationToken);
        var present = found.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var gone = known.Values.Where(file => !present.Contains(file.Path)).ToDictionary(file => file.Path, StringComparer.Ordinal);
        // An image that is moved is one that is gone and one that is new with the same content.
        var homeless = gone.Values.Where(file => file.Problem is null).GroupBy(file => file.ContentHash).ToDictionary(group => group.Key, group => new Queue<KnownFile>(group));
        FoundFile[] fresh = [.. found.Where(file => !known.TryGetValue(file.Path, out KnownFile? before) || before.FileSize != file.Size || before.Modified != file.Modified)];
        var sum = new Counts();
        for (int first = 0; first < fresh.Length; first += _options.Batch)
        {
            FoundFile[] batch = fresh[first..Math.Min(fresh.Length, first + _options.Batch)];
            Looked[] looked = LookAt(batch, known, homeless, cancellationToken);
            _catalog.Apply(sum.Sort(looked, known, gone));
            progress?.Report(new TrainingProgress("read images", first + batch.Length, fresh.Length));
        }

        _catalog.Apply(new CatalogChanges { Removed = [.. gone.Keys] });
        BrokenFile[] broken = [.. _catalog.Files().Where(file => file.Problem is not null).Select(file => new BrokenFile(file.Path, file.Problem!))];
        return new IndexingReport(
            found.Count, sum.Added, sum.Changed, sum.Moved, gone.Values.Count(file => file.Problem is null), found.Count - fresh.Length, broken,
            Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private List<FoundFile> Find(CancellationToken cancellationToken)
    {
        var files = new List<FoundFile>();
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };
        foreach (FileInfo file in new DirectoryInfo(_root).EnumerateFiles("*", everywhere))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ImageFormats.Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
                files.Add(new FoundFile(Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length, file.LastWriteTimeUtc));
        }

        files.Sort((x, y) => string.CompareOrdinal(x.Path, y.Path));
        return files;
    }

    private Looked[] LookAt(FoundFile[] batch, Dictionary<string, KnownFile> known, Dictionary<string, Queue<KnownFile>> homeless, CancellationToken cancellationToken)
    {
        var looked = new Looked[batch.Length];
        int threads = _options.Threads > 0 ? _options.Threads : Environment.ProcessorCount;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, batch.Length, options, i => looked[i] = LookAt(batch[i], known.GetValueOrDefault(batch[i].Path), homeless));
        return looked;
    }

    private Looked LookAt(FoundFile file, KnownFile? before, Dictionary<string, Queue<KnownFile>> homeless)
    {
        try
        {
            if (file.Size > _options.LargestFile)
                return new Looked(file, "", null, null, $"the file has {file.Size} bytes; the largest that is read has {_options.LargestFile}");
            byte[] bytes = File.ReadAllBytes(Path.Combine(_root, file.Path));
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            KnownFile? same = before is { Problem: null } ? before.ContentHash == hash ? before : null : Claim(homeless, hash);
            ImageRecord? image = same is null ? Record(file, hash, _decoder.Decode(bytes, _options.LongestSide)) : null;
            return new Looked(file, hash, image, same, null);
        }
        catch (ImageException problem)
        {
            return new Looked(file, "", null, null, problem.Message);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Perhaps only now: under a date that no file has, the next run tries it again.
            return new Looked(file with { Modified = DateTime.UnixEpoch }, "", null, null, problem.Message);
        }
    }

    /// <summary>An image that is gone from its path and has this content; each is given out once.</summary>
    private static KnownFile? Claim(Dictionary<string, Queue<KnownFile>> homeless, string hash)
    {
        if (!homeless.TryGetValue(hash, out Queue<KnownFile>? images))
            return null;
        lock (images)
        {
            return images.TryDequeue(out KnownFile? image) ? image : null;
        }
    }

    private ImageRecord Record(FoundFile file, string hash, DecodedImage image)
    {
        var histogram = new float[HistogramGrid.TotalBins];
        ColorHistogram.Compute(image, histogram);
        IReadOnlyList<PaletteColor> palette = Palette.Extract(image, _options.PaletteColors);
        var entry = new ImageEntry(0, file.Path, file.Size, file.Modified, hash, image.OriginalWidth, image.OriginalHeight, ColorClasses.Of(palette), palette, []);
        return new ImageRecord(entry, SparseHistogram.Of(histogram));
    }

    private readonly record struct FoundFile(string Path, long Size, DateTime Modified);

    /// <summary>A file that was looked at: an image, one that is known already with this content, or none.</summary>
    private sealed record Looked(FoundFile File, string Hash, ImageRecord? Image, KnownFile? Same, string? Problem)
    {
        public KnownFile Known(long id) => new(File.Path, id, File.Size, File.Modified, Hash, Problem);
    }

    /// <summary>Sorts what was looked at into changes, and counts it.</summary>
    private sealed class Counts
    {
        public int Added { get; private set; }

        public int Changed { get; private set; }

        public int Moved { get; private set; }

        public CatalogChanges Sort(Looked[] looked, Dictionary<string, KnownFile> known, Dictionary<string, KnownFile> gone)
        {
            var stored = new List<ImageRecord>();
            var moved = new List<KnownFile>();
            var broken = new List<KnownFile>();
            foreach (Looked file in looked)
            {
                if (file.Problem is not null)
                {
                    broken.Add(file.Known(0));
                }
                else if (file.Same is { } same)
                {
                    gone.Remove(same.Path);
                    moved.Add(file.Known(same.Id));
                    Moved++;
                }
                else
                {
                    stored.Add(file.Image!);
                    _ = known.GetValueOrDefault(file.File.Path) is { Problem: null } ? Changed++ : Added++;
                }
            }

            return new CatalogChanges { Stored = stored, Moved = moved, Broken = broken };
        }
    }
}
