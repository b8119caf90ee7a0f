using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class ByteTablesTests
{
    private const int Entries = ByteTables.Entries;

    public static TheoryData<int> Counts() => [1, 2, 3, 8, 56, 255, 256, 257, 258, 300, 1000];

    /// <summary>Tables by what is hard about them.</summary>
    private static IEnumerable<(string What, float[] Tables)> Hard(int count)
    {
        float[] normals = TestVectors.Normals(count * Entries, (ulong)count);
        float[] Each(Func<int, float, float> of) => [.. normals.Select((value, i) => of(i, value))];
        yield return ("normal", normals);
        yield return ("all zero", Each((_, _) => 0));
        yield return ("constant", Each((_, _) => 3.7f));
        yield return ("constant but for one entry", Each((i, _) => i == 77 ? -12.3f : 1.1f));
        yield return ("each constant, all different", Each((i, _) => i / Entries * 0.3f - 5));
        yield return ("one wide, the others narrow", Each((i, value) => i < Entries ? 1e6f * value : value));
        yield return ("far from zero", Each((_, value) => 1e6f + value));
        yield return ("huge", Each((_, value) => 1e30f * value));
        yield return ("tiny", Each((_, value) => 1e-30f * value));
        yield return ("so tiny that their range has no float reciprocal", Each((_, value) => 1e-38f * value));
        yield return ("denormal", Each((_, value) => float.Epsilon * MathF.Round(3 * value)));
        yield return ("two values, half a step apart", Each((i, _) => i % Entries == 0 ? 255 : i % 2 == 0 ? 0.5f : 0.49999997f));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Sums_of_rounded_entries_stay_within_the_error_bound(int count)
    {
        var random = new SeededRandom((ulong)count, 5);
        foreach ((string what, float[] tables) in Hard(count))
        {
            (ByteTables rounded, byte[] bytes) = Round(tables, count);
            Assert.True(float.IsFinite(rounded.Error) && rounded.Error >= 0, $"{what}: the bound is {rounded.Error}");
            for (int trial = 0; trial < 300; trial++)
            {
                float sum = 0;
                double approximate = rounded.Bias;
                for (int m = 0; m < count; m++)
                {
                    // The extreme entries first: all least, all greatest, then at random.
                    int entry = trial switch
                    {
                        0 => IndexOf(tables, m, greatest: false),
                        1 => IndexOf(tables, m, greatest: true),
                        _ => random.Next(Entries),
                    };
                    sum += tables[m * Entries + entry];
                    approximate += (double)rounded.Scale * bytes[m * Entries + entry];
                }

                Assert.True(Math.Abs(sum - approximate) <= rounded.Error, $"{what}: {sum} and {approximate} differ by more than {rounded.Error}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void The_bound_is_no_wider_than_half_a_step_for_each_table_and_float_rounding(int count)
    {
        float[] tables = TestVectors.Normals(count * Entries, (ulong)count);
        float widest = Enumerable.Range(0, count).Max(m => tables.AsSpan(m * Entries, Entries).ToArray().Max() - tables.AsSpan(m * Entries, Entries).ToArray().Min());

        (ByteTables rounded, _) = Round(tables, count);

        float step = widest / Math.Min(255, ushort.MaxValue / count);
        Assert.Equal(step, rounded.Scale, 1e-6f * step);
        Assert.InRange(rounded.Error, 0.5f * count * step, 0.51f * count * step + 1e-6f * count * count * 10);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Sums_of_the_largest_bytes_fit_16_bits(int count)
    {
        foreach ((string what, float[] tables) in Hard(count))
        {
            (_, byte[] bytes) = Round(tables, count);
            int sum = Enumerable.Range(0, count).Sum(m => bytes.AsSpan(m * Entries, Entries).ToArray().Max());
            Assert.True(sum <= ushort.MaxValue, $"{what}: {sum}");
        }
    }

    [Fact]
    public void Entries_are_rounded_to_the_nearest_step()
    {
        // A table whose step is exactly 1.
        float[] table = [.. Enumerable.Range(0, Entries).Select(i => i switch { 0 => -10, 1 => 245, _ => -10 + i * 0.997f })];

        (ByteTables rounded, byte[] bytes) = Round(table, 1);

        Assert.Equal((-10f, 1f), (rounded.Bias, rounded.Scale));
        Assert.Equal(table.Select(value => (byte)MathF.Round(value + 10)), bytes);
    }

    private static int IndexOf(float[] tables, int table, bool greatest)
    {
        float[] entries = tables.AsSpan(table * Entries, Entries).ToArray();
        return Array.IndexOf(entries, greatest ? entries.Max() : entries.Min());
    }

    private static (ByteTables Rounded, byte[] Bytes) Round(float[] tables, int count)
    {
        var bytes = new byte[count * Entries];
        fixed (float* table = tables)
        fixed (byte* target = bytes)
            return (ByteTables.Round(table, count, target, new float[count]), bytes);
    }
}
