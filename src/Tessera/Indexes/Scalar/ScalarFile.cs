using Tessera.Quantization;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The sections of a scalar index in a .tsr file, described in docs/file-format.md.</summary>
internal static class ScalarFile
{
    private const string ParametersSection = "parameters";
    private const string GridsSection = "grids";
    private const string CentroidsSection = "centroids";
    private const string SizesSection = "list-sizes";
    private const string CodesSection = "codes";
    private const string OrdinalsSection = "ordinals";

    public static void Write(string path, ScalarIndex index, ScalarQuantizer quantizer, CoarseQuantizer? coarse, RowList<byte>[] lists, Catalog catalog)
    {
        using TsrWriter writer = IndexFile.Create(path, ScalarIndex.Kind, index, catalog.Rows);
        writer.Write<int>(ParametersSection, [(int)index.Options.Code, index.Options.Lists, index.Options.Probes]);
        writer.Write(GridsSection, quantizer.Grids.Span);
        writer.Begin<byte>(CodesSection);
        foreach (RowList<byte> list in lists)
            writer.Append(list.Rows.Span[..(list.Count * quantizer.CodeSize)]);
        writer.End();
        if (coarse is not null)
        {
            writer.Write(CentroidsSection, coarse.Centroids.Span);
            writer.Write<int>(SizesSection, Array.ConvertAll(lists, list => list.Count));
            writer.Begin<int>(OrdinalsSection);
            foreach (RowList<byte> list in lists)
                writer.Append(list.Ordinals.Span[..list.Count]);
            writer.End();
        }

        CatalogFile.Write(writer, catalog);
        writer.Commit();
    }

    public static ScalarIndexOptions ReadOptions(TsrReader file)
    {
        ReadOnlySpan<int> parameters = file.ReadExactly<int>(ParametersSection, 3).Span;
        var options = new ScalarIndexOptions { Code = (ScalarCode)parameters[0], Lists = parameters[1], Probes = parameters[2] };
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

    public static ScalarQuantizer ReadQuantizer(TsrReader file, IndexHeader header, ScalarIndexOptions options)
    {
        int dimension = header.Dimension;
        var quantizer = new ScalarQuantizer(dimension, options.Code);
        float[] grids = IndexFile.ReadFinite(file, GridsSection, quantizer.IsTrained ? 0 : 2L * dimension).ToArray();
        if (quantizer.IsTrained)
            return quantizer;
        if (grids.AsSpan(dimension).ContainsAnyInRange(float.NegativeInfinity, -float.Epsilon))
            throw file.Error(GridsSection, "a step is negative.");
        quantizer.SetGrids(grids[..dimension], grids[dimension..]);
        return quantizer;
    }

    public static CoarseQuantizer? ReadCoarse(TsrReader file, IndexHeader header, ScalarIndexOptions options) => options.Lists == 0
        ? null
        : new CoarseQuantizer(new Matrix(IndexFile.ReadFinite(file, CentroidsSection, (long)options.Lists * header.Dimension), header.Dimension), header.Metric);

    public static RowList<byte>[] ReadLists(TsrReader file, IndexHeader header, ScalarIndexOptions options, int codeSize)
    {
        if (file.Find(CodesSection).Count != (long)header.Count * codeSize)
            throw file.Error(CodesSection, $"{file.Find(CodesSection).Count} bytes for {header.Count} codes of {codeSize}.");
        ReadOnlyMemory<int> ordinals = options.Lists > 0
            ? IndexFile.ReadEachOnce(file, OrdinalsSection, header.Count)
            : Enumerable.Range(0, header.Count).ToArray();
        ReadOnlySpan<int> sizes = options.Lists > 0 ? ReadSizes(file, header, options, codeSize) : ScalarIndex.SizesOfPieces(header.Count, codeSize);
        var lists = new RowList<byte>[sizes.Length];
        int at = 0;
        for (int i = 0; i < lists.Length; i++)
        {
            lists[i] = sizes[i] == 0
                ? RowList<byte>.Empty
                : new RowList<byte>(file.Read<byte>(CodesSection, (long)at * codeSize, sizes[i] * codeSize), ordinals.Slice(at, sizes[i]), sizes[i]);
            at += sizes[i];
        }

        return lists;
    }

    private static ReadOnlySpan<int> ReadSizes(TsrReader file, IndexHeader header, ScalarIndexOptions options, int codeSize)
    {
        ReadOnlySpan<int> sizes = file.ReadExactly<int>(SizesSection, options.Lists).Span;
        long total = 0;
        foreach (int size in sizes)
        {
            if (size < 0 || (long)size * codeSize > Array.MaxLength)
                throw file.Error(SizesSection, $"a list of {size} codes cannot be.");
            total += size;
        }

        return total == header.Count ? sizes : throw file.Error(SizesSection, $"lists of {total} codes together for an index of {header.Count}.");
    }
}
