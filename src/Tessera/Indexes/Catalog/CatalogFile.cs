using System.Collections.Frozen;
using Tessera.Kernels;
using Tessera.Storage;

namespace Tessera.Indexes;

/// <summary>The sections of a catalog in a .tsr file. Those of removed rows and of tags are there only where something is removed or tagged.</summary>
internal static class CatalogFile
{
    private const string IdsSection = "ids";
    private const string LiveSection = "live";
    private const string TagsSection = "tags";
    private const string TagRowsSection = "tag-rows";

    public static void Write(TsrWriter writer, Catalog catalog)
    {
        writer.Write(IdsSection, catalog.Ids.Span);
        if (catalog.Live is { } live)
            writer.Write(LiveSection, live.Words);
        if (catalog.Tags.Count == 0)
            return;
        string[] tags = [.. catalog.Tags.Keys.Order(StringComparer.Ordinal)];
        writer.WriteText(TagsSection, string.Join('\n', tags));
        writer.Begin<ulong>(TagRowsSection);
        foreach (string tag in tags)
            writer.Append(new RowSet(catalog.Tags[tag].Words.ToArray(), catalog.Rows).Words);
        writer.End();
    }

    public static Catalog Read(TsrReader file, IndexHeader header)
    {
        ReadOnlyMemory<long> ids = file.Read<long>(IdsSection);
        if (ids.Length != 0 && ids.Length != header.Count)
            throw file.Error(IdsSection, $"{ids.Length} ids for {header.Count} vectors.");
        if (ids.Span.ContainsAnyInRange(long.MinValue, -1))
            throw file.Error(IdsSection, "an id is negative.");
        Catalog catalog = Catalog.Of(header.Count, ids);
        int words = RowSet.WordsFor(header.Count);
        if (file.TryFind(LiveSection, out _))
            catalog = catalog with { Live = ReadRows(file, LiveSection, file.ReadExactly<ulong>(LiveSection, words).Span, header.Count) };
        if (!file.TryFind(TagsSection, out _))
            return catalog;

        string[] names = file.ReadText(TagsSection).Split('\n');
        ReadOnlySpan<ulong> rows = file.ReadExactly<ulong>(TagRowsSection, (long)names.Length * words).Span;
        var tags = new Dictionary<string, RowSet>();
        for (int i = 0; i < names.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]) || !tags.TryAdd(names[i], ReadRows(file, TagRowsSection, rows.Slice(i * words, words), header.Count)))
                throw file.Error(TagsSection, $"tag {i}, '{names[i]}', is blank or occurs twice.");
        }

        return catalog with { Tags = tags.ToFrozenDictionary() };
    }

    private static RowSet ReadRows(TsrReader file, string section, ReadOnlySpan<ulong> words, int rows)
    {
        if (rows % 64 != 0 && words[^1] >> rows % 64 != 0)
            throw file.Error(section, $"it names rows beyond the {rows} that there are.");
        return new RowSet(words.ToArray(), rows);
    }
}
