using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The sections of an IVF-Flat index in a .tsr file, described in docs/file-format.md.</summary>
internal static class IvfFlatFile
{
    private const string ParametersSection = "parameters";
    private const string CentroidsSection = "centroids";
    private const string SizesSection = "list-sizes";
    private const string RowsSection = "list-vectors";
    private const string OrdinalsSection = "ordinals";

    public static void Write(string path, IvfFlatIndex index, Matrix centroids, RowList<float>[] lists, Catalog catalog)
    {
        using TsrWriter writer = IndexFile.Create(path, IvfFlatIndex.Kind, index, catalog.Rows);
        writer.Write<int>(ParametersSection, [index.Options.Lists, index.Options.Probes]);
        writer.Write(CentroidsSection, centroids.Span);
        WriteLists(writer, lists, index.Dimension);
        CatalogFile.Write(writer, catalog);
        writer.Commit();
    }

    public static void WriteLists(TsrWriter writer, RowList<float>[] lists, int dimension)
    {
        writer.Write<int>(SizesSection, Array.ConvertAll(lists, list => list.Count));
        writer.Begin<float>(RowsSection);
        foreach (RowList<float> list in lists)
            writer.Append(list.Rows.Span[..(list.Count * dimension)]);
        writer.End();
        writer.Begin<int>(OrdinalsSection);
        foreach (RowList<float> list in lists)
            writer.Append(list.Ordinals.Span[..list.Count]);
        writer.End();
    }

    public static IvfFlatOptions ReadOptions(TsrReader file)
    {
        ReadOnlySpan<int> parameters = file.ReadExactly<int>(ParametersSection, 2).Span;
        var options = new IvfFlatOptions { Lists = parameters[0], Probes = parameters[1] };
        try
        {
            options.Validate();
        }
        catch (ArgumentException exception)
        {
            throw file.Error(ParametersSection, exception.Message);
        }

        return options;
    }

    public static Matrix ReadCentroids(TsrReader file, IndexHeader header, IvfFlatOptions options) =>
        new(IndexFile.ReadFinite(file, CentroidsSection, (long)options.Lists * header.Dimension), header.Dimension);

    /// <summary>Reads lists of which the file says elsewhere how many there are.</summary>
    public static RowList<float>[] ReadLists(TsrReader file, IndexHeader header, int count)
    {
        ReadOnlySpan<int> sizes = file.ReadExactly<int>(SizesSection, count).Span;
        long total = 0;
        foreach (int size in sizes)
        {
            if (size < 0 || (long)size * header.Dimension > Array.MaxLength)
                throw file.Error(SizesSection, $"a list of {size} vectors cannot be.");
            total += size;
        }

        if (total != header.Count)
            throw file.Error(SizesSection, $"lists of {total} vectors together for an index of {header.Count}.");
        long numbers = file.Find(RowsSection).Count;
        if (numbers != total * header.Dimension)
            throw file.Error(RowsSection, $"{numbers} numbers for {total} vectors of dimension {header.Dimension}.");
        ReadOnlyMemory<int> ordinals = IndexFile.ReadEachOnce(file, OrdinalsSection, header.Count);

        var lists = new RowList<float>[sizes.Length];
        Array.Fill(lists, RowList<float>.Empty);
        int at = 0;
        for (int i = 0; i < lists.Length; i++)
        {
            int size = sizes[i];
            if (size == 0)
                continue;
            lists[i] = new RowList<float>(file.Read<float>(RowsSection, (long)at * header.Dimension, size * header.Dimension), ordinals.Slice(at, size), size);
            at += size;
        }

        return lists;
    }
}
