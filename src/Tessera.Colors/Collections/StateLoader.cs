namespace Tessera.Colors.Collections;

/// <summary>Makes states of a collection from its catalogue and its files.</summary>
internal static class StateLoader
{
    /// <summary>The catalogue as it is now, on files that were saved at a revision: what changed since comes from the catalogue, and the index is brought up to date with it.</summary>
    /// <param name="catalog">The catalogue.</param>
    /// <param name="files">The files.</param>
    /// <param name="filesRevision">The revision that the histograms were saved at.</param>
    /// <param name="indexRevision">The revision up to which the index knows of changes.</param>
    public static CollectionState Load(IImageCatalog catalog, CollectionFiles files, long filesRevision, long indexRevision)
    {
        long revision = catalog.Revision;
        var rows = new List<CatalogRow>(catalog.Rows());
        ReadOnlySpan<long> saved = files.Histograms is { } histograms ? histograms.Ids.Span : [];
        var places = new List<int>(rows.Count);
        var recent = new List<uint[]>();
        var changed = new List<(long Id, uint[] Entries)>();
        var gone = new List<long>();
        int place = 0, kept = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            CatalogRow row = rows[i];
            for (; place < saved.Length && saved[place] < row.Id; place++)
                gone.Add(saved[place]);
            bool isSaved = place < saved.Length && saved[place] == row.Id;
            if (isSaved)
                place++;
            if (isSaved && row.Revision <= filesRevision)
            {
                places.Add(place - 1);
            }
            else
            {
                // Removed by another process since the rows were read.
                if (catalog.Histogram(row.Id) is not { } histogram)
                    continue;
                places.Add(~recent.Count);
                recent.Add(histogram.Entries.ToArray());
                if (row.Revision > indexRevision)
                    changed.Add((row.Id, recent[^1]));
            }

            rows[kept++] = row;
        }

        for (; place < saved.Length; place++)
            gone.Add(saved[place]);
        rows.RemoveRange(kept, rows.Count - kept);
        if (files.Index is { } index)
        {
            index.Remove(gone.ToArray());
            index.Update([.. changed.Select(image => image.Id)], i => changed[i].Entries);
        }

        return new CollectionState(new CatalogColumns(rows), files, [.. places], [.. recent], revision);
    }
}
