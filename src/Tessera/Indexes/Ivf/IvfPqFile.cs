using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The sections of an IVF-PQ index in a .tsr file, described in docs/file-format.md.</summary>
internal static class IvfPqFile
{
    private const string ParametersSection = "parameters";
    private const string CentroidsSection = "centroids";
    private const string CodebooksSection = "codebooks";
    private const string OrderSection = "order";
    private const string SizesSection = "list-sizes";
    private const string CodesSection = "codes";
    private const string TermsSection = "terms";
    private const string OrdinalsSection = "ordinals";

    private const int OfResiduals = 1;
    private const int InOrder = 2;

    /// <summary>Codes whose numbers leave room in the last byte lie in blocks; once they followed each other.</summary>
    private const int InPaddedBlocks = 4;

    /// <summary>Lists begin at multiples of this, so that the codes of one lie on cache lines.</summary>
    private const int Alignment = 64;

    public static void Write(string path, IvfPqIndex index, Matrix centroids, TableCodes codes, bool residual, CodeList[] lists, KeptSnapshot kept, Catalog catalog)
    {
        IvfPqOptions options = index.Options;
        using TsrWriter writer = IndexFile.Create(path, IvfPqIndex.Kind, index, catalog.Rows);
        writer.Write<int>(ParametersSection, [options.Lists, options.Parts, options.Bits, options.Probes, (int)options.Refine, (residual ? OfResiduals : 0) | (codes.Order.IsEmpty ? 0 : InOrder) | BlocksOf(options), options.Levels > 0 ? options.Beam : 0]);
        writer.Write(CentroidsSection, centroids.Span);
        writer.Write(CodebooksSection, codes.Codebooks.Span);
        if (!codes.Order.IsEmpty)
            writer.Write(OrderSection, codes.Order);
        writer.Write<int>(SizesSection, Array.ConvertAll(lists, list => list.Count));

        writer.Begin<byte>(CodesSection);
        foreach (CodeList list in lists)
        {
            var bytes = new byte[PaddedBytes(list.CompactBytes)];
            list.CopyCompact(bytes);
            writer.Append<byte>(bytes);
        }

        // Kernels read whole registers, up to this far past the last code and term.
        writer.Append<byte>(new byte[CodeList.ReadAhead]);
        writer.End();
        writer.Begin<float>(TermsSection);
        foreach (CodeList list in lists)
            writer.Append(list.Terms.Span[..list.Count]);
        writer.Append<float>(new float[CodeList.ReadAhead / sizeof(float)]);
        writer.End();
        writer.Begin<int>(OrdinalsSection);
        foreach (CodeList list in lists)
            writer.Append(list.Ordinals.Span[..list.Count]);
        writer.End();

        CatalogFile.Write(writer, catalog);
        KeptVectors.Write(writer, kept);
        writer.Commit();
    }

    public static IvfPqOptions ReadOptions(TsrReader file, IndexHeader header)
    {
        ReadOnlySpan<int> parameters = file.ReadExactly<int>(ParametersSection, 7).Span;
        int beam = parameters[6];
        var options = new IvfPqOptions
        {
            Lists = parameters[0],
            Bits = parameters[2],
            Probes = parameters[3],
            Refine = (RefineStorage)parameters[4],
            Residual = (parameters[5] & OfResiduals) != 0,
        };
        options = beam == 0 ? options with { Subquantizers = parameters[1] } : options with { Levels = parameters[1], Beam = beam };
        try
        {
            options.Validate(header.Dimension);
        }
        catch (ArgumentException exception)
        {
            throw file.Error(ParametersSection, exception.Message);
        }

        if ((parameters[5] & ~(OfResiduals | InOrder | InPaddedBlocks)) != 0)
            throw file.Error(ParametersSection, $"codes may be of residuals ({OfResiduals}), in an order of their own ({InOrder}) and in padded blocks ({InPaddedBlocks}), but not {parameters[5]}.");
        if ((parameters[5] & InPaddedBlocks) != BlocksOf(options))
            throw file.Error(ParametersSection, $"codes of {options.Parts} numbers of {options.Bits} bits do not lie as this version searches them; build the index anew.");
        if (options.Levels > 0 && (parameters[5] & InOrder) != 0)
            throw file.Error(ParametersSection, "residual codes have no order of dimensions.");
        return options;
    }

    private static int BlocksOf(IvfPqOptions options) => CodeList.AreBlocked(options.Bits) && options.Parts * options.Bits % 8 != 0 ? InPaddedBlocks : 0;

    public static Matrix ReadCentroids(TsrReader file, IndexHeader header, IvfPqOptions options) =>
        new(IndexFile.ReadFinite(file, CentroidsSection, (long)options.ListCount * header.Dimension), header.Dimension);

    public static TableCodes ReadCodes(TsrReader file, IndexHeader header, IvfPqOptions options)
    {
        // Entries of product codes are a part of a vector long, those of residual codes as long as a vector.
        long numbers = (long)header.Dimension * Math.Max(1, options.Levels) << options.Bits;
        ReadOnlyMemory<float> codebooks = IndexFile.ReadFinite(file, CodebooksSection, numbers);
        TableCodes codes = TableCodes.Of(header.Dimension, options);
        codes.Restore(codebooks.ToArray(), ReadOrder(file, header));
        return codes;
    }

    private static DimensionOrder? ReadOrder(TsrReader file, IndexHeader header)
    {
        bool said = (file.ReadExactly<int>(ParametersSection, 7).Span[5] & InOrder) != 0;
        if (said != file.TryFind(OrderSection, out _))
            throw file.Error(ParametersSection, $"codes are {(said ? "" : "not ")}in an order of their own, but there is {(said ? "no" : "a")} section '{OrderSection}'.");
        if (!said)
            return null;
        return DimensionOrder.Of(file.ReadExactly<int>(OrderSection, header.Dimension).Span)
            ?? throw file.Error(OrderSection, $"not each of the {header.Dimension} dimensions once.");
    }

    public static CodeList[] ReadLists(TsrReader file, IndexHeader header, IvfPqOptions options)
    {
        ReadOnlySpan<int> sizes = file.ReadExactly<int>(SizesSection, options.ListCount).Span;
        long codeBytes = 0, total = 0;
        foreach (int size in sizes)
        {
            if (size < 0)
                throw file.Error(SizesSection, $"a list of {size} codes.");
            total += size;
            codeBytes += PaddedBytes((long)size * options.CodeSize);
        }

        if (total != header.Count)
            throw file.Error(SizesSection, $"lists of {total} codes together for {header.Count} vectors.");
        if (file.Find(CodesSection).Count != codeBytes + CodeList.ReadAhead)
            throw file.Error(CodesSection, $"{file.Find(CodesSection).Count} bytes where {codeBytes + CodeList.ReadAhead} belong.");
        ReadOnlyMemory<float> terms = IndexFile.ReadFinite(file, TermsSection, total + CodeList.ReadAhead / sizeof(float));
        ReadOnlyMemory<int> ordinals = IndexFile.ReadEachOnce(file, OrdinalsSection, header.Count);

        var lists = new CodeList[sizes.Length];
        Array.Fill(lists, CodeList.Empty(options.Parts, options.Bits));
        long code = 0;
        int item = 0;
        for (int i = 0; i < lists.Length; i++)
        {
            int size = sizes[i];
            if (size == 0)
                continue;
            long bytes = (long)size * options.CodeSize;
            if (bytes > int.MaxValue - Alignment)
                throw file.Error(SizesSection, $"a list of {size} codes, {bytes} bytes, is longer than can be searched.");
            lists[i] = CodeList.Attach(
                options.Parts,
                options.Bits,
                size,
                file.Read<byte>(CodesSection, code, (int)bytes),
                terms.Slice(item, size),
                ordinals.Slice(item, size));
            code += PaddedBytes(bytes);
            item += size;
        }

        return lists;
    }

    private static long PaddedBytes(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
