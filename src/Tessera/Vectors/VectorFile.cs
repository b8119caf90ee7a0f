using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>
/// Vector files, told apart by the ends of their names: <c>.npy</c> (float32, float64, float16, uint8, int8; two dimensions,
/// C order), <c>.fvecs</c>, <c>.bvecs</c>, <c>.ivecs</c>, IDX (<c>*-ubyte</c>, <c>*.idx</c>, both also with <c>.gz</c>) and
/// <c>.csv</c>. Reading gives float32; NaN, infinities, files without rows and rows without numbers are refused.
/// </summary>
public static class VectorFile
{
    /// <summary>Opens a file to read it in blocks.</summary>
    /// <exception cref="ArgumentException">The name ends in none of the known ways.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is empty, damaged, cut short, or of a kind within its format that is not supported.</exception>
    public static VectorReader Open(string path) => FormatOf(path) switch
    {
        VectorFormat.Npy => RecordReader.Open(path, NpyHeader.Read),
        VectorFormat.Fvecs => RecordReader.Open(path, file => VecsHeader.Read(file, ElementKind.F32)),
        VectorFormat.Bvecs => RecordReader.Open(path, file => VecsHeader.Read(file, ElementKind.U8)),
        VectorFormat.Ivecs => RecordReader.Open(path, file => VecsHeader.Read(file, ElementKind.I32)),
        VectorFormat.Idx => RecordReader.Open(path, IdxHeader.Read),
        VectorFormat.IdxGz => RecordReader.Open(path, IdxHeader.Read, compressed: true),
        _ => CsvReader.Open(path),
    };

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="InvalidOperationException">The file has more numbers than one matrix holds, about 2^31; read it in blocks.</exception>
    /// <inheritdoc cref="Open"/>
    public static Matrix Read(string path, CancellationToken cancellationToken = default)
    {
        using VectorReader reader = Open(path);
        return ReadAll(reader, cancellationToken);
    }

    /// <summary>Reads rows drawn uniformly without replacement, in the file's order; all of them when the file has no more.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">Rows wanted, at least 1.</param>
    /// <param name="seed">The same seed draws the same rows, on every machine.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <inheritdoc cref="Read"/>
    public static Matrix Sample(string path, int rows, ulong seed, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        using VectorReader reader = Open(path);
        if (rows >= reader.Rows)
            return ReadAll(reader, cancellationToken);
        float[] values = Allocate(reader, rows);
        long[] drawn = RowSample.Draw(reader.Rows, rows, seed);
        for (int i = 0, run; i < drawn.Length; i += run)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run = 1;
            while (i + run < drawn.Length && drawn[i + run] == drawn[i] + run)
                run++;
            reader.Seek(drawn[i]);
            reader.Read(values.AsSpan(i * reader.Dimension, run * reader.Dimension));
        }
        return new Matrix(values, reader.Dimension);
    }

    /// <summary>
    /// Writes a whole file in the format that its name asks for: <c>.npy</c> and <c>.fvecs</c> as float32, <c>.csv</c> as
    /// text, <c>.bvecs</c> and IDX as bytes (whole numbers, 0 to 255), <c>.ivecs</c> as int32 (whole numbers). It is written
    /// beside its target, flushed and renamed.
    /// </summary>
    /// <exception cref="ArgumentException">The name ends in none of the known ways, there are no rows, or a number is not finite or one that the format cannot hold.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Matrix vectors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        using VectorWriter writer = Create(path, vectors.Rows, vectors.Dimension);
        int blockRows = BlockRows(vectors.Dimension);
        for (int start = 0; start < vectors.Rows; start += blockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Write(vectors.Slice(start, Math.Min(blockRows, vectors.Rows - start)));
        }
        writer.Commit();
    }

    /// <summary>Begins a file that is written in blocks.</summary>
    /// <param name="path">Where it will appear, in the format that the name asks for, as for <see cref="Write"/>.</param>
    /// <param name="rows">Vectors that will be written, at least 1.</param>
    /// <param name="dimension">Numbers in each, at least 1.</param>
    /// <inheritdoc cref="Write"/>
    public static VectorWriter Create(string path, long rows, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        VectorFormat format = FormatOf(path);
        AtomicFile file = AtomicFile.Create(path);
        try
        {
            return format switch
            {
                VectorFormat.Npy => new RecordWriter(file, NpyHeader.Write(rows, dimension), 0, ElementKind.F32, rows, dimension),
                VectorFormat.Fvecs => new RecordWriter(file, [], VecsHeader.PrefixBytes, ElementKind.F32, rows, dimension),
                VectorFormat.Bvecs => new RecordWriter(file, [], VecsHeader.PrefixBytes, ElementKind.U8, rows, dimension),
                VectorFormat.Ivecs => new RecordWriter(file, [], VecsHeader.PrefixBytes, ElementKind.I32, rows, dimension),
                VectorFormat.Idx => new RecordWriter(file, IdxHeader.Write(rows, dimension), 0, ElementKind.U8, rows, dimension),
                VectorFormat.IdxGz => new RecordWriter(file, IdxHeader.Write(rows, dimension), 0, ElementKind.U8, rows, dimension, compressed: true),
                _ => new CsvWriter(file, rows, dimension),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static VectorFormat FormatOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool EndsWith(string end) => path.EndsWith(end, StringComparison.OrdinalIgnoreCase);
        if (EndsWith(".npy")) return VectorFormat.Npy;
        if (EndsWith(".fvecs")) return VectorFormat.Fvecs;
        if (EndsWith(".bvecs")) return VectorFormat.Bvecs;
        if (EndsWith(".ivecs")) return VectorFormat.Ivecs;
        if (EndsWith(".csv")) return VectorFormat.Csv;
        if (EndsWith("-ubyte") || EndsWith(".idx")) return VectorFormat.Idx;
        if (EndsWith("-ubyte.gz") || EndsWith(".idx.gz")) return VectorFormat.IdxGz;
        throw new ArgumentException(
            $"'{path}' is not named as a vector file; use .npy, .fvecs, .bvecs, .ivecs, .csv, or IDX's *-ubyte and .idx, which may be compressed (.gz).", nameof(path));
    }

    private static Matrix ReadAll(VectorReader reader, CancellationToken cancellationToken)
    {
        float[] values = Allocate(reader, reader.Rows);
        int blockRows = BlockRows(reader.Dimension);
        for (int start = 0; start < values.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(values.Length - start, blockRows * reader.Dimension);
            start += reader.Read(values.AsSpan(start, length)) * reader.Dimension;
        }
        return new Matrix(values, reader.Dimension);
    }

    /// <summary>Rows of a block of about 4 MB: large enough to read at the disk's speed, small enough to stop soon.</summary>
    private static int BlockRows(int dimension) => Math.Max(1, (1 << 20) / dimension);

    private static float[] Allocate(VectorReader reader, long rows)
    {
        if (rows > Array.MaxLength / reader.Dimension)
            throw new InvalidOperationException(
                $"{reader.Path}: {rows} rows of {reader.Dimension} numbers are more than one matrix holds ({Array.MaxLength} numbers); read them in blocks, or a sample.");
        return GC.AllocateUninitializedArray<float>((int)rows * reader.Dimension);
    }
}
