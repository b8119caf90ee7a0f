using System.IO.Compression;
using System.Text;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Vectors;

public sealed class NpzFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npz");

    [Fact]
    public void Arrays_come_back_as_they_were_in_any_order()
    {
        Matrix first = new(new float[] { 1, 2, 3, 4, 5, 6 }, 3), second = new(new float[] { -1.5f }, 1);
        NpzFile.Write(_path, [KeyValuePair.Create("first", first), KeyValuePair.Create("second", second)]);
        Matrix[] read = NpzFile.Read(_path, ["second", "first"]);
        Assert.Equal((1, 1), (read[0].Rows, read[0].Dimension));
        Assert.Equal((2, 3), (read[1].Rows, read[1].Dimension));
        Assert.Equal(first.Values, read[1].Values);
        Assert.Equal(second.Values, read[0].Values);
    }

    [Fact]
    public void The_same_arrays_make_the_same_file()
    {
        var arrays = new[] { KeyValuePair.Create("a", new Matrix(new float[1000], 10)) };
        NpzFile.Write(_path, arrays);
        byte[] once = File.ReadAllBytes(_path);
        NpzFile.Write(_path, arrays);
        Assert.Equal(once, File.ReadAllBytes(_path));
    }

    [Fact]
    public void An_array_that_is_not_there_is_named()
    {
        NpzFile.Write(_path, [KeyValuePair.Create("a", new Matrix(new float[2], 2))]);
        Assert.Equal("b", Assert.Throws<TesseraFormatException>(() => NpzFile.Read(_path, ["b"])).Section);
    }

    [Fact]
    public void Every_changed_byte_is_refused_or_changes_nothing()
    {
        float[] values = [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i))];
        NpzFile.Write(_path, [KeyValuePair.Create("a", new Matrix(values, 6))]);
        byte[] whole = File.ReadAllBytes(_path);
        int refused = 0;
        for (int place = 0; place < whole.Length; place++)
        {
            byte[] changed = [.. whole];
            changed[place] ^= 0x04;
            File.WriteAllBytes(_path, changed);
            try
            {
                Assert.Equal(values, NpzFile.Read(_path, ["a"])[0].Values.ToArray());
            }
            catch (TesseraFormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > whole.Length / 2, $"{refused} of {whole.Length}");
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        NpzFile.Write(_path, [KeyValuePair.Create("a", new Matrix(new float[60], 6))]);
        byte[] whole = File.ReadAllBytes(_path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            Assert.Throws<TesseraFormatException>(() => NpzFile.Read(_path, ["a"]));
        }
    }

    [Fact]
    public void A_claim_of_more_than_the_bytes_can_hold_allocates_nothing()
    {
        NpzFile.Write(_path, [KeyValuePair.Create("a", new Matrix(new float[60], 6))]);
        byte[] whole = File.ReadAllBytes(_path);
        // The uncompressed length in the central directory, 24 bytes behind its mark.
        int central = whole.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(whole.AsSpan(central + 24), 0x7FFFFFF0u);
        File.WriteAllBytes(_path, whole);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<TesseraFormatException>(() => NpzFile.Read(_path, ["a"]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 22);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused()
    {
        using (ZipArchive archive = ZipFile.Open(_path, ZipArchiveMode.Create))
        using (Stream entry = archive.CreateEntry("a.npy").Open())
        {
            byte[] header = Encoding.ASCII.GetBytes("?NUMPY??v?{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".PadRight(127) + "\n");
            header[0] = 0x93;
            (header[6], header[7], header[8], header[9]) = (1, 0, 118, 0);
            entry.Write(header);
            entry.Write([0, 0, 0, 0, 0, 0, 0xC0, 0x7F]);
        }

        Assert.Contains("number 1", Assert.Throws<TesseraFormatException>(() => NpzFile.Read(_path, ["a"])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);
}
