using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Vectors;

/// <summary>Files made by hand, as other programs write them, and as they go wrong.</summary>
public sealed class VectorFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Npy_of_every_supported_type_and_version_is_read()
    {
        float[] expected = [1, 2, 3, 4, 5, 127];
        byte[] bytes = [1, 2, 3, 4, 5, 127];
        foreach (int version in new[] { 1, 2, 3 })
        {
            Assert.Equal(expected, Read("v.npy", VectorBytes.Npy("<f4", "(2, 3)", VectorBytes.Floats(expected), version)));
            Assert.Equal(expected, Read("v.npy", VectorBytes.Npy("<f8", "(2, 3)", [.. expected.SelectMany(x => BitConverter.GetBytes((double)x))], version)));
            Assert.Equal(expected, Read("v.npy", VectorBytes.Npy("<f2", "(2, 3)", [.. expected.SelectMany(x => BitConverter.GetBytes((Half)x))], version)));
            Assert.Equal(expected, Read("v.npy", VectorBytes.Npy("|u1", "(2, 3)", bytes, version)));
            Assert.Equal(expected, Read("v.npy", VectorBytes.Npy("|i1", "(2, 3)", bytes, version)));
        }
        Assert.Equal([200, -56], [.. Read("v.npy", VectorBytes.Npy("|u1", "(1, 1)", [200])), .. Read("v.npy", VectorBytes.Npy("|i1", "(1, 1)", [200]))]);
    }

    [Theory]
    [InlineData("{'shape': (1, 2), 'descr': '<f4', 'fortran_order': False}")]
    [InlineData("{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(1,2)}   \n")]
    [InlineData("{'descr' : '<f4' , 'shape' : ( 1L , 2L , ) , 'fortran_order' : False , }")]
    public void Npy_dictionaries_may_be_written_in_any_order_and_spacing(string dictionary)
    {
        Assert.Equal([1.5f, 2], Read("v.npy", VectorBytes.NpyOf(dictionary, VectorBytes.Floats(1.5f, 2))));
    }

    [Theory]
    [InlineData(">f4", "(1, 2)", "False", ">f4")]
    [InlineData("<i4", "(1, 2)", "False", "<i4")]
    [InlineData("|O", "(1, 2)", "False", "|O")]
    [InlineData("<f4", "(2,)", "False", "1 dimension")]
    [InlineData("<f4", "()", "False", "0 dimension")]
    [InlineData("<f4", "(1, 1, 2)", "False", "3 dimension")]
    [InlineData("<f4", "(1, 2)", "True", "Fortran")]
    [InlineData("<f4", "(1, 2)", "Maybe", "dictionary")]
    [InlineData("<f4", "(1, -2)", "False", "dictionary")]
    [InlineData("<f4", "(0, 2)", "False", "no rows")]
    [InlineData("<f4", "(2, 0)", "False", "dimension 0")]
    [InlineData("<f4", "(9223372036854775807, 9223372036854775807)", "False", "damaged")]
    [InlineData("<f4", "(9999999999999999999, 1)", "False", "damaged")]
    [InlineData("<f4", "(4611686018427387904, 8)", "False", "damaged")]
    [InlineData("<f4", "(2, 2)", "False", "damaged")]
    [InlineData("<f4", "(1, 1)", "False", "damaged")]
    public void Npy_arrays_that_are_no_vectors_are_refused_with_the_reason(string descr, string shape, string fortran, string reason)
    {
        Assert.Contains(reason, Refusal("v.npy", VectorBytes.Npy(descr, shape, VectorBytes.Floats(1, 2), fortran: fortran)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': [('x', '<f4'), ('y', '<f4')], 'fortran_order': False, 'shape': (1, 2), }", "structure")]
    [InlineData("{'descr': '<f4', 'shape': (1, 2)}", "dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'shape': (1, 2)}", "dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)", "dictionary")]
    [InlineData("__import__('os')", "dictionary")]
    [InlineData("}", "dictionary")]
    [InlineData("{", "dictionary")]
    [InlineData("", "dictionary")]
    public void Npy_headers_that_are_no_such_dictionary_are_refused(string dictionary, string reason)
    {
        Assert.Contains(reason, Refusal("v.npy", VectorBytes.NpyOf(dictionary, VectorBytes.Floats(1, 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void Vecs_are_read_and_rows_of_another_dimension_refused()
    {
        Assert.Equal([1.5f, -2, 3, 4], Read("v.fvecs", [.. VectorBytes.Ints(2), .. VectorBytes.Floats(1.5f, -2), .. VectorBytes.Ints(2), .. VectorBytes.Floats(3, 4)]));
        Assert.Equal([1, 255], Read("v.bvecs", [1, 0, 0, 0, 1, 1, 0, 0, 0, 255]));
        Assert.Equal([-7, 16777216], Read("v.ivecs", VectorBytes.Ints(2, -7, 16777216)));
        Assert.Contains("row 1 (from 0) at offset 8", Refusal("v.ivecs", VectorBytes.Ints(1, 5, 2, 5)), StringComparison.Ordinal);
        Assert.Contains("dimension 0", Refusal("v.ivecs", VectorBytes.Ints(0, 0)), StringComparison.Ordinal);
        Assert.Contains("dimension -1", Refusal("v.ivecs", VectorBytes.Ints(-1)), StringComparison.Ordinal);
        Assert.Contains("cut short", Refusal("v.ivecs", VectorBytes.Ints(2, 1)), StringComparison.Ordinal);
        Assert.Contains("cut short", Refusal("v.fvecs", VectorBytes.Ints(int.MaxValue, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Idx_of_several_dimensions_is_flattened_plain_and_compressed()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255];
        float[] expected = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255];
        Assert.Equal(expected, Read("train-images-idx3-ubyte", images));
        Assert.Equal(expected, Read("train-images-idx3-ubyte.gz", VectorBytes.Gzip(images)));
        Assert.Equal(6, VectorFile.Read(_folder["train-images-idx3-ubyte.gz"], Stop).Dimension);
        byte[] signed = [0, 0, 9, 2, 0, 0, 0, 1, 0, 0, 0, 1, 255];
        Assert.Equal([-1], Read("signed.idx", signed));
    }

    [Fact]
    public void Idx_files_that_are_no_vectors_are_refused_with_the_reason()
    {
        Assert.Contains("labels", Refusal("l-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 7]), StringComparison.Ordinal);
        Assert.Contains("0x0D", Refusal("v.idx", [0, 0, 0x0D, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("not an IDX", Refusal("v.idx", [1, 0, 8, 2]), StringComparison.Ordinal);
        Assert.Contains("no rows", Refusal("v.idx", [0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 1]), StringComparison.Ordinal);
        Assert.Contains("dimension 0", Refusal("v.idx", [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 0]), StringComparison.Ordinal);
        byte[] absurd = [0, 0, 8, 3, .. Enumerable.Repeat((byte)255, 12), 1];
        Refusal("v.idx", absurd);
        Refusal("v.idx.gz", VectorBytes.Gzip(absurd));
        // Possible for the compressed size, yet more, or less, than there is.
        byte[] more = [0, 0, 8, 2, 0, 0, 0, 9, 0, 0, 0, 1, 1];
        Assert.Contains("cut short", Refusal("v.idx.gz", VectorBytes.Gzip(more)), StringComparison.Ordinal);
        byte[] less = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2];
        Assert.Contains("more behind", Refusal("v.idx.gz", VectorBytes.Gzip(less)), StringComparison.Ordinal);
        Assert.Contains("compressed data", Refusal("v.idx.gz", "not gzip at all"u8), StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_is_read_with_and_without_a_header_blank_lines_and_windows_ends()
    {
        float[] expected = [1, -2.5f, 3e-3f, 4];
        Assert.Equal(expected, Read("v.csv", "1,-2.5\n0.003,4"u8));
        Assert.Equal(expected, Read("v.csv", "x,y\n1,-2.5\n3e-3,4\n"u8));
        Assert.Equal(expected, Read("v.csv", "\uFEFF\"first, name\",y\r\n 1 , -2.5\r\n\r\n3E-3,4\r\n\r\n"u8));
        Assert.Equal([7], Read("v.csv", "7"u8));
    }

    [Fact]
    public void Csv_errors_name_the_line_and_the_column()
    {
        Assert.Contains("line 3, column 2 at offset 10: 'abc' is not", Refusal("v.csv", "a,b\n1,2\n3,abc\n"u8), StringComparison.Ordinal);
        Assert.Contains("line 3", Refusal("v.csv", "1,2\n\n3\n"u8), StringComparison.Ordinal);
        Assert.Contains("3 columns where the first row has 2", Refusal("v.csv", "1,2\n3,4,5\n"u8), StringComparison.Ordinal);
        Assert.Contains("line 1, column 1: 'id'", Refusal("v.csv", "id,1\n3,4\n"u8).Replace(" at offset 0", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("no rows", Refusal("v.csv", "x,y\n"u8), StringComparison.Ordinal);
        Assert.Contains("no rows", Refusal("v.csv", "\n\n"u8), StringComparison.Ordinal);
        Assert.Contains("'1;2' is not", Refusal("v.csv", "1,2\n1;2,3\n"u8), StringComparison.Ordinal);
    }

    private float[] Read(string name, ReadOnlySpan<byte> bytes) => VectorFile.Read(_folder.Write(name, bytes), Stop).Span.ToArray();

    private string Refusal(string name, ReadOnlySpan<byte> bytes)
    {
        string path = _folder.Write(name, bytes);
        return Assert.Throws<TesseraFormatException>(() => VectorFile.Read(path, Stop)).Message;
    }
}
