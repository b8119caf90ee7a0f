using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Vectors;

public sealed class VectorFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v.npy", false)]
    [InlineData("v.fvecs", false)]
    [InlineData("v.csv", false)]
    [InlineData("v.ivecs", true)]
    [InlineData("v.bvecs", true)]
    [InlineData("v.idx", true)]
    [InlineData("v-idx2-ubyte", true)]
    [InlineData("v-idx2-ubyte.gz", true)]
    public void What_is_written_comes_back_whole_in_blocks_and_by_seeking(string name, bool whole)
    {
        // Rows enough that every reader fills its buffer more than once.
        Matrix vectors = Numbers(rows: 3001, dimension: 187, whole);
        string path = _folder[name];
        VectorFile.Write(path, vectors, Stop);

        Matrix read = VectorFile.Read(path, Stop);
        Assert.Equal(vectors.Dimension, read.Dimension);
        Assert.True(vectors.Span.SequenceEqual(read.Span));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));

        using VectorReader reader = VectorFile.Open(path);
        Assert.Equal(vectors.Rows, reader.Rows);
        for (Matrix block = reader.ReadBlock(700); block.Rows > 0; block = reader.ReadBlock(700))
            Assert.True(vectors.Slice((int)reader.Position - block.Rows, block.Rows).Span.SequenceEqual(block.Span));
        Assert.Equal(vectors.Rows, reader.Position);
        var row = new float[vectors.Dimension + 1];
        Assert.Equal(0, reader.Read(row));
        foreach (int at in new[] { 17, 2999, 2998, 0 })
        {
            reader.Seek(at);
            Assert.Equal(1, reader.Read(row));
            Assert.True(vectors[at].SequenceEqual(row.AsSpan(0, vectors.Dimension)));
        }
    }

    [Theory]
    [InlineData("v.npy")]
    [InlineData("v.csv")]
    [InlineData("v.idx.gz")]
    public void A_sample_is_rows_of_the_file_in_order_and_repeats_with_its_seed(string name)
    {
        var numbers = new float[2000];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = i / 2 % 250;
        string path = _folder[name];
        VectorFile.Write(path, new Matrix(numbers, 2), Stop);
        Matrix sample = VectorFile.Sample(path, 100, 5, Stop);
        Assert.Equal(100, sample.Rows);
        Assert.True(sample.Span.SequenceEqual(VectorFile.Sample(path, 100, 5, Stop).Span));
        Assert.False(sample.Span.SequenceEqual(VectorFile.Sample(path, 100, 6, Stop).Span));
        Assert.True(VectorFile.Sample(path, 5000, 5, Stop).Span.SequenceEqual(numbers));
        for (int i = 0; i < sample.Rows; i++)
            Assert.Equal(sample[i][0], sample[i][1]);
    }

    [Fact]
    public void A_sample_draws_every_row_equally_often_and_none_twice()
    {
        var times = new int[20];
        for (ulong seed = 0; seed < 4000; seed++)
        {
            long[] rows = RowSample.Draw(20, 5, seed);
            Assert.Equal(5, rows.Distinct().Count());
            Assert.Equal(rows.Order(), rows);
            foreach (long row in rows)
                times[row]++;
        }
        // 1000 expected, with a standard deviation of 27.
        Assert.All(times, count => Assert.InRange(count, 860, 1140));
    }

    [Fact]
    public void Writing_in_blocks_gives_the_bytes_of_writing_at_once()
    {
        Matrix vectors = Numbers(100, 7, whole: true);
        foreach (string name in new[] { "v.npy", "v.fvecs", "v.bvecs", "v.ivecs", "v.idx", "v.idx.gz", "v.csv" })
        {
            VectorFile.Write(_folder[name], vectors, Stop);
            byte[] whole = File.ReadAllBytes(_folder[name]);
            using (VectorWriter writer = VectorFile.Create(_folder[name], 100, 7))
            {
                writer.Write(vectors.Slice(0, 1));
                writer.Write(vectors.Slice(1, 98));
                writer.Write(vectors[99]);
                writer.Commit();
            }
            byte[] blocks = File.ReadAllBytes(_folder[name]);
            // How deflate cuts its output depends on the calls; what it holds does not.
            Assert.True(name.EndsWith(".gz", StringComparison.Ordinal) || whole.AsSpan().SequenceEqual(blocks), name);
            Assert.True(vectors.Span.SequenceEqual(VectorFile.Read(_folder[name], Stop).Span), name);
        }
    }

    [Fact]
    public void The_written_bytes_are_those_of_the_formats()
    {
        var vectors = new Matrix(new float[] { 1, 2, 3, 255 }, 2);
        byte[] Written(string name)
        {
            VectorFile.Write(_folder[name], vectors, Stop);
            return File.ReadAllBytes(_folder[name]);
        }
        Assert.Equal(VectorBytes.Ints(2, 1, 2, 2, 3, 255), Written("v.ivecs"));
        Assert.Equal([2, 0, 0, 0, 1, 2, 2, 0, 0, 0, 3, 255], Written("v.bvecs"));
        Assert.Equal([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 255], Written("v-idx2-ubyte"));
        Assert.Equal("1,2\n3,255\n"u8.ToArray(), Written("v.csv"));
        byte[] npy = Written("v.npy");
        Assert.Equal(128 + 16, npy.Length);
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }"u8], npy[..69]);
        Assert.Equal((byte)'\n', npy[127]);
        Assert.Equal(VectorBytes.Floats(1, 2, 3, 255), npy[128..]);
    }

    [Fact]
    public void Numbers_that_a_format_cannot_hold_are_not_written_and_the_old_file_stays()
    {
        foreach (string name in new[] { "v.bvecs", "v.ivecs", "v.idx", "v.idx.gz" })
        {
            string path = _folder.Write(name, "old"u8);
            var error = Assert.Throws<ArgumentException>(() => VectorFile.Write(path, new Matrix(new float[] { 1, 2, 3, 4.5f }, 2), Stop));
            Assert.Contains("Row 1, column 1", error.Message, StringComparison.Ordinal);
            Assert.Equal("old", File.ReadAllText(path));
        }
        Assert.Throws<ArgumentException>(() => VectorFile.Write(_folder["v.bvecs"], new Matrix(new float[] { 256 }, 1), Stop));
        Assert.Throws<ArgumentException>(() => VectorFile.Write(_folder["v.bvecs"], new Matrix(new float[] { -1 }, 1), Stop));
        Assert.Throws<ArgumentException>(() => VectorFile.Write(_folder["v.ivecs"], new Matrix(new[] { 2147483648f }, 1), Stop));
        Assert.Throws<ArgumentException>(() => VectorFile.Write(_folder["v.npy"], new Matrix(new[] { float.NaN }, 1), Stop));
        Assert.Throws<ArgumentOutOfRangeException>(() => VectorFile.Write(_folder["v.npy"], new Matrix(Array.Empty<float>(), 1), Stop));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_writer_takes_the_rows_announced_and_no_others()
    {
        using VectorWriter writer = VectorFile.Create(_folder["v.npy"], 2, 3);
        Assert.Throws<ArgumentException>(() => writer.Write(new float[4]));
        Assert.Throws<ArgumentException>(() => writer.Write(new Matrix(new float[4], 2)));
        writer.Write(new float[3]);
        Assert.Throws<InvalidOperationException>(writer.Commit);
        Assert.Throws<ArgumentException>(() => writer.Write(new float[6]));
        writer.Write(new float[3]);
        writer.Commit();
        Assert.Equal(2, VectorFile.Read(_folder["v.npy"], Stop).Rows);
    }

    [Fact]
    public void A_writer_that_failed_cannot_be_committed()
    {
        using VectorWriter writer = VectorFile.Create(_folder["v.bvecs"], 2, 1);
        Assert.Throws<ArgumentException>(() => writer.Write([1, 0.5f]));
        writer.Write([1, 2]);
        Assert.Throws<InvalidOperationException>(writer.Commit);
    }

    [Fact]
    public void Names_folders_and_files_that_are_no_vectors_each_get_their_message()
    {
        Assert.Contains(".fvecs", Assert.Throws<ArgumentException>(() => VectorFile.Open("vectors.txt")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => VectorFile.Create(_folder["v.parquet"], 1, 1));
        foreach (string name in new[] { "v.npy", "v.fvecs", "v.csv", "v.idx", "v.idx.gz" })
        {
            Assert.Throws<FileNotFoundException>(() => VectorFile.Open(_folder[name]));
            Assert.Contains("empty", Refusal(name, []), StringComparison.Ordinal);
            File.Delete(_folder[name]);
            Directory.CreateDirectory(_folder[name]);
            Assert.Contains("directory", Assert.Throws<TesseraFormatException>(() => VectorFile.Open(_folder[name])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_with_row_and_column()
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            byte[] data = VectorBytes.Floats(1, 2, 3, 4, bad, 6);
            Assert.Contains("row 1, column 1", Refusal("v.npy", VectorBytes.Npy("<f4", "(2, 3)", data)), StringComparison.Ordinal);
            Assert.Contains("row 1, column 0", Refusal("v.fvecs", [.. VectorBytes.Ints(1), .. VectorBytes.Floats(1), .. VectorBytes.Ints(1), .. VectorBytes.Floats(bad)]), StringComparison.Ordinal);
        }
        byte[] large = [.. BitConverter.GetBytes(1d), .. BitConverter.GetBytes(1e300)];
        Assert.Contains("row 1, column 0", Refusal("v.npy", VectorBytes.Npy("<f8", "(2, 1)", large)), StringComparison.Ordinal);
        Assert.Contains("line 2, column 2", Refusal("v.csv", "1,2\n3,NaN\n"u8), StringComparison.Ordinal);
        Assert.Contains("line 2, column 1", Refusal("v.csv", "1,2\n1e999,2\n"u8), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_can_go_on_after_a_refused_row()
    {
        byte[] npy = VectorBytes.Npy("<f4", "(3, 1)", VectorBytes.Floats(1, float.NaN, 3));
        foreach (string path in new[] { _folder.Write("v.csv", "1\nx\n3\n"u8), _folder.Write("v.npy", npy) })
        {
            using VectorReader reader = VectorFile.Open(path);
            var row = new float[1];
            Assert.Equal(1, reader.Read(row));
            for (int again = 0; again < 2; again++)
                Assert.Throws<TesseraFormatException>(() => reader.Read(row));
            reader.Seek(2);
            Assert.Equal(1, reader.Read(row));
            Assert.Equal(3, row[0]);
        }
    }

    [Fact]
    public void Ids_come_back_as_they_were_written()
    {
        string path = _folder["ids.ivecs"];
        IdFile.Write(path, (ReadOnlySpan<long>)[1, 2, -1, int.MaxValue], 2);
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(VectorBytes.Ints(2, 1, 2, 2, -1, int.MaxValue), bytes);
        (int[] ids, int k) = IdFile.Read(path);
        Assert.Equal((2, 4), (k, ids.Length));
        Assert.Equal([1, 2, -1, int.MaxValue], ids);

        int[] many = [.. Enumerable.Range(0, 300_000)];
        IdFile.Write(path, many, 100);
        Assert.Equal(many, IdFile.Read(path).Ids);
        Assert.Throws<ArgumentException>(() => IdFile.Write(path, (ReadOnlySpan<long>)[1L << 31], 1));
        Assert.Throws<ArgumentException>(() => IdFile.Write(path, (ReadOnlySpan<int>)[1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => IdFile.Write(_folder["ids.txt"], (ReadOnlySpan<int>)[1], 1));
        Assert.Throws<TesseraFormatException>(() => IdFile.Read(_folder.Write("cut.ivecs", VectorBytes.Ints(2, 1, 2, 2, 3))));
        // Six numbers are three rows of one id each by their first row, and two of two by the rest.
        Assert.Throws<TesseraFormatException>(() => IdFile.Read(_folder.Write("mixed.ivecs", VectorBytes.Ints(1, 1, 2, 2, 1, 1))));
    }

    private string Refusal(string name, ReadOnlySpan<byte> bytes)
    {
        string path = _folder.Write(name, bytes);
        return Assert.Throws<TesseraFormatException>(() => VectorFile.Read(path, Stop)).Message;
    }

    private static Matrix Numbers(int rows, int dimension, bool whole)
    {
        var random = new Random(3);
        var values = new float[rows * dimension];
        for (int i = 0; i < values.Length; i++)
            values[i] = whole ? random.Next(256) : (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-30, 30));
        return new Matrix(values, dimension);
    }
}
