using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Vectors;

/// <summary>Damaged vector files are read or refused, nothing else, and claims alone cost no memory.</summary>
public sealed class VectorDamageTests : IDisposable
{
    private const int Rows = 40;
    private const int Dimension = 6;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => ["v.npy", "v.fvecs", "v.bvecs", "v.ivecs", "v.idx", "v.idx.gz", "v.csv"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_cut_short_anywhere_is_refused_where_that_can_be_seen(string name)
    {
        byte[] whole = Whole(name);
        Assert.Equal(Rows, Try(name, whole, out ReadOnlySpan<float> intact));
        for (int length = 0; length < whole.Length; length++)
        {
            int rows = Try(name, whole.AsSpan(0, length), out ReadOnlySpan<float> numbers);
            int record = whole.Length / Rows;
            int expected = name switch
            {
                // These say how many rows they have, or have a checksum; the others are well-formed at every end of a row.
                "v.npy" or "v.idx" or "v.idx.gz" => -1,
                "v.csv" => whole.AsSpan(0, length).Count((byte)'\n') + (length > 0 && whole[length - 1] != '\n' ? 1 : 0),
                _ => length > 0 && length % record == 0 ? length / record : -1,
            };
            // A text may end within its last row; and a compressed file that lacks only its checksum still has all rows.
            bool passes = rows == expected || (name == "v.csv" && rows == -1) || (name == "v.idx.gz" && numbers.SequenceEqual(intact));
            Assert.True(passes, $"{rows} rows where {expected} were expected, in {length} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Flipped_bits_are_read_or_refused(string name)
    {
        byte[] whole = Whole(name);
        Try(name, whole, out ReadOnlySpan<float> intact);
        var random = new Random(4);
        for (int trial = 0; trial < 400; trial++)
        {
            byte[] damaged = [.. whole];
            // Half of the trials hit the first bytes, where the claims are.
            int at = random.Next(trial % 2 == 0 ? Math.Min(32, whole.Length) : whole.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            Try(name, damaged, out ReadOnlySpan<float> numbers);
            if (name == "v.idx.gz" && numbers.Length > 0)
                Assert.Equal(intact, numbers);
            Assert.Equal(-1, numbers.IndexOfAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity));
        }
    }

    /// <summary>Rows read, or -1 for a refusal; anything else fails the test.</summary>
    private int Try(string name, ReadOnlySpan<byte> bytes, out ReadOnlySpan<float> numbers)
    {
        string path = _folder.Write(name, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Matrix read = VectorFile.Read(path, Stop);
            numbers = read.Span;
            return read.Rows;
        }
        catch (TesseraFormatException)
        {
            numbers = [];
            return -1;
        }
        finally
        {
            // Deflate can hold a thousand times its size, so there the claim is bounded by that.
            long most = 64_000 + bytes.Length * (name.EndsWith(".gz", StringComparison.Ordinal) ? 1032L * 5 : 8);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, most);
        }
    }

    private byte[] Whole(string name)
    {
        var random = new Random(9);
        float[] values = [.. Enumerable.Range(0, Rows * Dimension).Select(_ => (float)random.Next(256))];
        VectorFile.Write(_folder[name], new Matrix(values, Dimension), Stop);
        byte[] bytes = File.ReadAllBytes(_folder[name]);
        // Once before anything is measured, so that what only the first read and the first refusal cost is not counted.
        Try(name, bytes, out _);
        Try(name, bytes.AsSpan(0, 3), out _);
        return bytes;
    }
}
