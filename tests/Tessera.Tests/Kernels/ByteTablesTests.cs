using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class ByteTablesTests
{
    public static TheoryData<string, int> Tables()
    {
        var tables = new TheoryData<string, int>();
        foreach (string kind in CodeTables.Kinds)
            foreach (int parts in (int[])[1, 2, 7, 56, 257, 300, 1000])
                tables.Add(kind, parts);
        return tables;
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Sums_of_rounded_entries_stay_within_the_stated_error(string kind, int parts)
    {
        float[] tables = CodeTables.Make(kind, parts, 8, 1);
        (ByteTables rounded, byte[] bytes) = Round(tables, parts);

        ushort[] numbers = CodeTables.Numbers(50, parts, 8, 2);
        for (int code = 0; code < 52; code++)
        {
            // Random codes, and the two whose rounding errors all point one way.
            int Entry(int m) => code switch
            {
                50 => Furthest(tables, bytes, rounded.Scale, m, 1),
                51 => Furthest(tables, bytes, rounded.Scale, m, -1),
                _ => numbers[code * parts + m],
            };
            float sum = 0;
            int byteSum = 0;
            for (int m = 0; m < parts; m++)
            {
                sum += tables[m * ByteTables.Entries + Entry(m)];
                byteSum += bytes[m * ByteTables.Entries + Entry(m)];
            }

            Assert.InRange((double)rounded.Bias + (double)rounded.Scale * byteSum - sum, -rounded.Error, rounded.Error);
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Sums_of_bytes_fit_sixteen_bits(string kind, int parts)
    {
        (_, byte[] bytes) = Round(CodeTables.Make(kind, parts, 8, 1), parts);

        int largest = Enumerable.Range(0, parts).Sum(m => bytes.AsSpan(m * ByteTables.Entries, ByteTables.Entries).ToArray().Max());

        Assert.InRange(largest, 0, ushort.MaxValue);
    }

    [Fact]
    public void The_error_is_little_more_than_half_a_step_for_each_table()
    {
        // A bound that nothing stays under would rule nothing out either.
        (ByteTables rounded, _) = Round(CodeTables.Make("normal", 16, 8, 1), 16);

        Assert.InRange(rounded.Error, 16 * 0.5 * rounded.Scale, 16 * 0.52 * rounded.Scale);
        Assert.InRange(rounded.Scale, 4.0 / 255, 10.0 / 255);
    }

    private static (ByteTables Rounded, byte[] Bytes) Round(float[] tables, int parts)
    {
        var bytes = new byte[tables.Length];
        fixed (float* source = tables)
        fixed (byte* target = bytes)
            return (ByteTables.Round(source, parts, target, new float[parts]), bytes);
    }

    /// <summary>The entry of a table whose byte is furthest off, in one direction.</summary>
    private static int Furthest(float[] tables, byte[] bytes, float scale, int m, int sign)
    {
        float least = tables.AsSpan(m * ByteTables.Entries, ByteTables.Entries).ToArray().Min();
        return Enumerable.Range(0, ByteTables.Entries).MaxBy(entry =>
            sign * ((double)least + (double)scale * bytes[m * ByteTables.Entries + entry] - tables[m * ByteTables.Entries + entry]));
    }
}
