using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// A factory string taken apart. The grammar, which capitals do not matter to:
/// <code>
/// index = [rotation ","] (HNSW neighbours | Tree levels "x" branching | [IVF lists ","] (Flat | SQ8 | SQfp16 | SQbf16 | code [",Refine" ["(fp16)" | "(mapped)"]]))
/// rotation = OPQ parts ["_" outputs] | RR | PCA outputs
/// code  = PQ subquantizers ["x" bits ["fs"]] | RQ levels "x" bits
/// </code>
/// </summary>
internal sealed record IndexSpecification
{
    /// <summary>What goes by a word alone.</summary>
    private static readonly (string Word, IndexContent Content)[] Words =
        [("Flat", IndexContent.Vectors), ("SQ8", IndexContent.Bytes), ("SQfp16", IndexContent.Halves), ("SQbf16", IndexContent.BFloats)];

    /// <summary>What an index keeps of a vector.</summary>
    public required IndexContent Content { get; init; }

    /// <summary>What rotates vectors before they come to the index; null for nothing.</summary>
    public RotationPlan? Rotation { get; init; }

    /// <summary>Lists of an inverted file; null without one.</summary>
    public int? Lists { get; init; }

    /// <summary>Neighbours of a graph's nodes, levels of a tree, parts of a product code, levels of a residual code.</summary>
    public int Size { get; init; }

    /// <summary>Clusters that each of a tree is divided into.</summary>
    public int Branching { get; init; }

    /// <summary>Bits of each part or level.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>Whether and where vectors are kept to rank candidates anew.</summary>
    public RefineStorage Refine { get; init; }

    /// <exception cref="ArgumentException">The text names no index.</exception>
    public static IndexSpecification Parse(string specification)
    {
        var reader = new SpecificationReader(specification.AsSpan().Trim());
        return Read(ref reader) is { } index && reader.Rest.IsEmpty ? index : throw new ArgumentException(
            $"'{specification}' names no index{(reader.Rest.IsEmpty ? "" : $": '{reader.Rest}' makes no sense there")}. Use HNSW<neighbors>, Tree<levels>x<branching>, Flat, SQ8, SQfp16, SQbf16, "
            + "PQ<subquantizers>[x<bits>] or RQ<levels>x<bits>; all but the first two with IVF<lists>, before it for an inverted file, the last two with ,Refine, ,Refine(fp16) or ,Refine(mapped) behind it for exact rerank; and any with OPQ<parts>[_<outputs>], RR or PCA<outputs> and a comma before it for a rotation; such as IVF256,PQ56.",
            nameof(specification));
    }

    /// <summary>An empty index.</summary>
    public VectorIndex Make(int dimension, Metric metric) => Rotation is null
        ? MakePlain(dimension, metric)
        : new VectorIndex.RotatedIndex(dimension, Rotation, MakePlain(Rotation.OutputsOf(dimension), metric));

    private VectorIndex MakePlain(int dimension, Metric metric) => Content switch
    {
        IndexContent.Graph => new HnswIndex(dimension, new HnswOptions { Neighbors = Size }, metric),
        IndexContent.Tree => new TreeIndex(dimension, new TreeOptions { Levels = Size, Branching = Branching }, metric),
        IndexContent.Vectors => Lists is { } lists ? new IvfFlatIndex(dimension, new IvfFlatOptions { Lists = lists }, metric) : new FlatIndex(dimension, metric),
        IndexContent.Bytes => new ScalarIndex(dimension, new ScalarIndexOptions { Code = ScalarCode.EightBit, Lists = Lists ?? 0 }, metric),
        IndexContent.Halves => new ScalarIndex(dimension, new ScalarIndexOptions { Code = ScalarCode.Half, Lists = Lists ?? 0 }, metric),
        IndexContent.BFloats => new ScalarIndex(dimension, new ScalarIndexOptions { Code = ScalarCode.BFloat, Lists = Lists ?? 0 }, metric),
        IndexContent.ResidualCodes => new IvfPqIndex(dimension, TableOptions with { Levels = Size }, metric),
        _ => new IvfPqIndex(dimension, TableOptions with { Subquantizers = Size }, metric),
    };

    private IvfPqOptions TableOptions => new() { Lists = Lists ?? 0, Bits = Bits, Refine = Refine };

    private static IndexSpecification? Read(ref SpecificationReader reader)
    {
        RotationPlan? rotation = ReadRotation(ref reader);
        IndexSpecification? index = rotation is null || reader.Take(",") ? ReadPlain(ref reader) : null;
        // A rotation is learned for the codes behind it.
        return index is null ? null : index with { Rotation = index.Content == IndexContent.ProductCodes && rotation is not null ? rotation with { Bits = index.Bits } : rotation };
    }

    private static RotationPlan? ReadRotation(ref SpecificationReader reader)
    {
        if (reader.Take("OPQ") && reader.TakeNumber(out int parts))
        {
            if (!reader.Take("_"))
                return new RotationPlan(RotationKind.Optimised, parts, null);
            return reader.TakeNumber(out int kept) ? new RotationPlan(RotationKind.Optimised, parts, kept) : null;
        }

        if (reader.Take("PCA") && reader.TakeNumber(out int outputs))
            return new RotationPlan(RotationKind.Principal, 0, outputs);
        return reader.Take("RR") ? new RotationPlan(RotationKind.Random, 0, null) : null;
    }

    private static IndexSpecification? ReadPlain(ref SpecificationReader reader)
    {
        if (reader.Take("HNSW"))
            return reader.TakeNumber(out int neighbors) ? new IndexSpecification { Content = IndexContent.Graph, Size = neighbors } : null;
        if (reader.Take("Tree"))
        {
            return reader.TakeNumber(out int levels) && reader.Take("x") && reader.TakeNumber(out int branching)
                ? new IndexSpecification { Content = IndexContent.Tree, Size = levels, Branching = branching }
                : null;
        }

        int? lists = null;
        if (reader.Take("IVF"))
        {
            if (!reader.TakeNumber(out int number) || !reader.Take(","))
                return null;
            // The options take 0 for no lists at all.
            lists = number > 0 ? number : throw new ArgumentException("The number of lists must be between 1 and 16777216, not 0.");
        }

        foreach ((string word, IndexContent content) in Words)
        {
            if (reader.Take(word))
                return new IndexSpecification { Content = content, Lists = lists };
        }

        return ReadCode(ref reader) is { } code ? code with { Lists = lists, Refine = ReadRefine(ref reader) } : null;
    }

    private static RefineStorage ReadRefine(ref SpecificationReader reader)
    {
        if (!reader.Take(",Refine"))
            return RefineStorage.None;
        return reader.Take("(fp16)") ? RefineStorage.Half : reader.Take("(mapped)") ? RefineStorage.Mapped : RefineStorage.Full;
    }

    private static IndexSpecification? ReadCode(ref SpecificationReader reader)
    {
        int bits = 8;
        if (reader.Take("PQ") && reader.TakeNumber(out int subquantizers))
        {
            if (reader.Take("x"))
            {
                if (!reader.TakeNumber(out bits))
                    return null;
                // All codes are scanned in registers, with or without it.
                reader.Take("fs");
            }

            return new IndexSpecification { Content = IndexContent.ProductCodes, Size = subquantizers, Bits = bits };
        }

        if (!reader.Take("RQ") || !reader.TakeNumber(out int levels) || !reader.Take("x") || !reader.TakeNumber(out bits))
            return null;
        // The options take 0 for product codes.
        return levels > 0
            ? new IndexSpecification { Content = IndexContent.ResidualCodes, Size = levels, Bits = bits }
            : throw new ArgumentException("The number of levels must be at least 1, not 0.");
    }
}
