using System.Collections;
using Tessera.Kernels;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>What the files of all indexes share: the header, kept vectors and ids. Opens whichever index a file holds.</summary>
internal static class IndexFile
{
    private const string SpecificationSection = "specification";
    private const string ShapeSection = "shape";
    public const string RowsSection = "vectors";
    private const string RotationSection = "rotation";

    public static VectorIndex Open(string path, bool verify)
    {
        TsrReader file = TsrReader.Open(path, verify);
        try
        {
            if (file.Kind is not (FlatIndex.Kind or IvfFlatIndex.Kind or IvfPqIndex.Kind or ScalarIndex.Kind or HnswIndex.Kind or TreeIndex.Kind))
                throw new TesseraFormatException(path, "header", TsrFormat.KindAt, $"this is a '{file.Kind}' file, not a vector index.");
            IndexHeader header = ReadHeader(file);
            VectorIndex index = file.Kind switch
            {
                FlatIndex.Kind => FlatIndex.Load(file, header),
                IvfFlatIndex.Kind => IvfFlatIndex.Load(file, header),
                IvfPqIndex.Kind => IvfPqIndex.Load(file, header),
                TreeIndex.Kind => TreeIndex.Load(file, header),
                ScalarIndex.Kind => ScalarIndex.Load(file, header),
                _ => HnswIndex.Load(file, header),
            };
            if (file.TryFind(RotationSection, out _))
                index = ReadRotation(file, header, index);
            if (index.Specification != header.Specification)
                throw file.Error(SpecificationSection, $"it says '{header.Specification}' of an index that is {index.Specification}.");
            Telemetry.Register(index);
            return index;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static TsrWriter Create(string path, string kind, VectorIndex index, int rows)
    {
        TsrWriter writer = TsrWriter.Create(path, kind);
        writer.WriteText(SpecificationSection, (index.Front ?? index).Specification);
        writer.Write<int>(ShapeSection, [index.Dimension, (int)index.Metric, rows]);
        if (index.Front?.Rotation is { } rotation)
            writer.Write(RotationSection, rotation.Matrix.Span);
        return writer;
    }

    /// <summary>A section of numbers that distances are made of.</summary>
    public static ReadOnlyMemory<float> ReadFinite(TsrReader file, string section, long count)
    {
        ReadOnlyMemory<float> numbers = file.ReadExactly<float>(section, count);
        int at = Finite.FirstBad(numbers.Span);
        return at < 0 ? numbers : throw file.Error(section, $"number {at} is {numbers.Span[at]}.");
    }

    /// <summary>A section that names every vector once, by its ordinal.</summary>
    public static ReadOnlyMemory<int> ReadEachOnce(TsrReader file, string section, int count)
    {
        ReadOnlyMemory<int> ordinals = file.ReadExactly<int>(section, count);
        var seen = new BitArray(count);
        foreach (int ordinal in ordinals.Span)
        {
            if ((uint)ordinal >= (uint)count)
                throw file.Error(section, $"ordinal {ordinal} in an index of {count} vectors.");
            if (seen[ordinal])
                throw file.Error(section, $"ordinal {ordinal} occurs twice.");
            seen[ordinal] = true;
        }

        return ordinals;
    }

    public static void WriteRows(TsrWriter writer, RowSnapshot rows) => WriteRows(writer, RowsSection, rows);

    /// <summary>Writes rows block by block, so that those in a file need no memory.</summary>
    public static void WriteRows<T>(TsrWriter writer, string section, RowSnapshot<T> rows)
        where T : unmanaged
    {
        int each = Math.Max(1, (1 << 18) / rows.Dimension);
        var block = new T[Math.Min(each, rows.Rows) * rows.Dimension];
        writer.Begin<T>(section);
        for (int row = 0; row < rows.Rows; row += each)
        {
            Span<T> some = block.AsSpan(0, Math.Min(each, rows.Rows - row) * rows.Dimension);
            rows.CopyTo(row, some);
            writer.Append<T>(some);
        }

        writer.End();
    }

    public static RowStore ReadRows(TsrReader file, IndexHeader header)
    {
        var rows = new RowStore(header.Dimension);
        ReadRows(file, header, RowsSection, rows);
        return rows;
    }

    /// <summary>Makes the rows of a section the first of a store, in place.</summary>
    public static void ReadRows<T>(TsrReader file, IndexHeader header, string section, RowStore<T> rows)
        where T : unmanaged
    {
        long numbers = file.Find(section).Count;
        if (numbers != (long)header.Count * header.Dimension)
            throw file.Error(section, $"{numbers} numbers for {header.Count} vectors of dimension {header.Dimension}.");
        rows.Attach((start, count) => file.Read<T>(section, start, count), header.Count);
    }

    private static VectorIndex.RotatedIndex ReadRotation(TsrReader file, IndexHeader header, VectorIndex inner)
    {
        long numbers = file.Find(RotationSection).Count, dimension = numbers / header.Dimension;
        if (numbers % header.Dimension != 0 || dimension is < 1 or > VectorIndex.MaxDimension)
            throw file.Error(RotationSection, $"{numbers} numbers are no rotation of vectors onto {header.Dimension} dimensions.");
        try
        {
            RotationPlan plan = IndexSpecification.Parse(header.Specification).Rotation ?? throw file.Error(RotationSection, $"an index '{header.Specification}' has none.");
            if (plan.OutputsOf((int)dimension) != header.Dimension)
                throw file.Error(RotationSection, $"{plan} does not take vectors from {dimension} dimensions to {header.Dimension}.");
            var rotation = new Rotation(new Matrix(IndexFile.ReadFinite(file, RotationSection, numbers), (int)dimension));
            return VectorIndex.RotatedIndex.Open(plan, rotation, inner);
        }
        catch (ArgumentException exception)
        {
            throw file.Error(RotationSection, exception.Message);
        }
    }

    private static IndexHeader ReadHeader(TsrReader file)
    {
        ReadOnlySpan<int> shape = file.ReadExactly<int>(ShapeSection, 3).Span;
        if (shape[0] is < 1 or > VectorIndex.MaxDimension || !Enum.IsDefined((Metric)shape[1]) || shape[2] < 0)
            throw file.Error(ShapeSection, $"dimension {shape[0]}, metric {shape[1]} and count {shape[2]} make no index.");
        return new IndexHeader(file.ReadText(SpecificationSection), shape[0], (Metric)shape[1], shape[2]);
    }
}
