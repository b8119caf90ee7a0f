using System.Globalization;
using Tessera.Colors.Indexes;
using Tessera.Quantization;
using Tessera.Storage;

namespace Tessera.Colors.Collections;

/// <summary>The saved files of a collection, named by the revision that they were made of: the catalogue says which are the ones that count.</summary>
internal sealed class CollectionFolder(string folder)
{
    /// <summary>Share of changed images from which on the index is trained anew.</summary>
    private const double StaleShare = 0.3;

    /// <summary>Opens the files of a revision; null where they are missing or damaged, as everything in them is in the catalogue too.</summary>
    public CollectionFiles? Open(long revision)
    {
        if (revision == 0 || !File.Exists(HistogramPath(revision)) || !File.Exists(IndexPath(revision)))
            return null;
        HistogramFile? histograms = null;
        try
        {
            histograms = HistogramFile.Open(HistogramPath(revision));
            return new CollectionFiles(histograms, CandidateIndex.Open(IndexPath(revision)));
        }
        catch (Exception problem) when (problem is TesseraFormatException or FileNotFoundException)
        {
            histograms?.Dispose();
            return null;
        }
    }

    /// <summary>Writes the files of a state.</summary>
    public void Save(CollectionState state, ColorConfig? config, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        HistogramFile.Write(HistogramPath(state.Revision), state.Columns.Ids, state.EntriesOf, cancellationToken);
        if (state.Columns.Count == 0)
            return;
        if (config is null && state.Files.Index is { } index && state.Recent <= StaleShare * state.Columns.Count)
        {
            index.Save(IndexPath(state.Revision));
            return;
        }

        using CandidateIndex built = CandidateIndex.Build(state.Columns.Ids, state.EntriesOf, config ?? ColorConfig.Default, progress, cancellationToken);
        built.Save(IndexPath(state.Revision));
    }

    /// <summary>Deletes the files of other revisions, and what a killed process left.</summary>
    public void DeleteAllBut(long revision)
    {
        foreach (string pattern in (string[])["histograms-*.tsr*", "index-*.tsr*"])
        {
            foreach (string path in Directory.EnumerateFiles(folder, pattern))
            {
                if (path != HistogramPath(revision) && path != IndexPath(revision))
                    File.Delete(path);
            }
        }
    }

    private string HistogramPath(long revision) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"histograms-{revision}.tsr"));

    private string IndexPath(long revision) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"index-{revision}.tsr"));
}
