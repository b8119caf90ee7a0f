using System.Runtime.Intrinsics;
using Tessera.Attention.Kernels;
using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class AttentionKernelTests
{
    public static TheoryData<KeyFormat, int, int, int> Shapes()
    {
        var shapes = new TheoryData<KeyFormat, int, int, int>();
        foreach (KeyFormat format in Enum.GetValues<KeyFormat>())
        {
            foreach (int dimension in (int[])[1, 8, 16, 17, 48, 80, 128])
            {
                foreach (int rows in (int[])[1, 2, 5, 31, 32, 33, 100])
                    shapes.Add(format, dimension, rows, 1 + (dimension + rows) % 9);
            }
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Attention_over_rows_is_that_of_the_book(KeyFormat format, int dimension, int rows, int group)
    {
        float[] keys = Rounded(Made.Normals(rows * dimension, 1), format), values = Rounded(Made.Normals(rows * dimension, 2), format);
        float[] queries = Made.Normals(group * dimension, 3);
        foreach (AttentionKernel kernel in (AttentionKernel[])[AttentionKernel.For(format), AttentionKernel.Scalar(format)])
        {
            float[] outputs = Attend(kernel, format, dimension, keys, values, queries, group);
            for (int g = 0; g < group; g++)
            {
                double[] truth = Made.Attention(queries.AsSpan(g * dimension, dimension), keys, values, 1);
                Assert.InRange(Made.Distance(outputs.AsSpan(g * dimension, dimension), truth), 0, 1e-5 * (1 + Made.Length(truth)) * Math.Sqrt(dimension));
            }
        }
    }

    [Fact]
    public void Very_large_scores_neither_overflow_nor_vanish()
    {
        float[] keys = [.. Made.Normals(40 * 16, 1, 100)], values = Made.Normals(40 * 16, 2), query = Made.Normals(16, 3, 100);

        float[] output = Attend(AttentionKernel.For(KeyFormat.F32), KeyFormat.F32, 16, keys, values, query, 1);

        Assert.InRange(Made.Distance(output, Made.Attention(query, keys, values, 1)), 0, 1e-2);
    }

    [Fact]
    public void Every_half_precision_number_is_read_as_it_is()
    {
        // All finite binary16 numbers, subnormal ones too, sixteen to a row.
        ushort[] finite = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits).Where(bits => Half.IsFinite(BitConverter.UInt16BitsToHalf(bits)))];
        var layout = new RowLayout(16, KeyFormat.F16);
        using var row = new AlignedBuffer<ushort>(16);
        using var query = new AlignedBuffer<float>(16);
        using var score = new AlignedBuffer<float>(16);
        for (int i = 0; i + 16 <= finite.Length; i += 16)
        {
            finite.AsSpan(i, 16).CopyTo(row.Span);
            for (int lane = 0; lane < 16; lane += 5)
            {
                query.Span.Clear();
                query.Span[lane] = 1;
                layout.Kernel.Scores(query.Pointer, 1, 16, (byte*)row.Pointer, 32, 1, score.Pointer, 16);
                Assert.Equal((float)BitConverter.UInt16BitsToHalf(finite[i + lane]), score.Pointer[0]);
            }
        }
    }

    [Fact]
    public void Shares_and_totals_of_clusters_are_those_of_the_book()
    {
        foreach (int count in (int[])[1, 3, 16, 31, 50])
        {
            AttentionKernel kernel = AttentionKernel.For(KeyFormat.F32);
            float[] scores = Made.Normals(2 * 64, 4, 3), logs = Made.Normals(64, 5);
            logs[0] = count > 1 ? float.NegativeInfinity : 0;
            float[] offsets = [1, 2], shares = new float[64];
            fixed (float* s = scores, l = logs, o = offsets, target = shares)
            {
                kernel.Shares(s, 64, 2, l, o, count, target);
                float largest = -1, sum = 2;
                kernel.Total(s, l, count, ref largest, ref sum);

                double total = 2 * Math.Exp(-1);
                for (int i = 0; i < count; i++)
                {
                    double expected = Math.Max(Math.Exp(scores[i] + logs[i] - 1), Math.Exp(scores[64 + i] + logs[i] - 2));
                    Assert.Equal(expected, shares[i], 1e-5 * (1 + expected));
                    total += Math.Exp(scores[i] + logs[i]);
                }

                Assert.Equal(1, sum * Math.Exp(largest) / total, 1e-5);
            }
        }
    }

    [Fact]
    public void The_kernel_has_the_width_that_this_process_was_told_to_have()
    {
        string? bits = Environment.GetEnvironmentVariable("TESSERA_VECTOR_BITS");
        Assert.SkipWhen(bits is null, "TESSERA_VECTOR_BITS is not set.");

        string expected = bits switch { "512" => nameof(RowOps512), "256" => nameof(RowOps256), "128" => nameof(RowOps128), _ => nameof(RowOpsScalar) };
        Assert.Equal(expected, AttentionKernel.For(KeyFormat.F32).GetType().GetGenericArguments()[1].Name);
        Assert.Equal(bits == "512", Vector512.IsHardwareAccelerated);
    }

    private static float[] Attend(AttentionKernel kernel, KeyFormat format, int dimension, float[] keys, float[] values, float[] queries, int group)
    {
        var layout = new RowLayout(dimension, format);
        int rows = keys.Length / dimension;
        using var memory = new AlignedBuffer<byte>((long)rows * layout.Pitch);
        for (int i = 0; i < rows; i++)
        {
            layout.Write(memory.Pointer + (long)i * layout.Pitch, keys.AsSpan(i * dimension, dimension));
            layout.Write(memory.Pointer + (long)i * layout.Pitch + layout.Half, values.AsSpan(i * dimension, dimension));
        }

        using var softmax = new OnlineSoftmax();
        softmax.Begin(group, layout.Stride);
        for (int g = 0; g < group; g++)
            queries.AsSpan(g * dimension, dimension).CopyTo(new Span<float>(softmax.Queries + g * layout.Stride, dimension));
        softmax.Add(kernel, memory.Pointer, rows);
        var outputs = new float[group * dimension];
        for (int g = 0; g < group; g++)
            softmax.Finish(g, outputs.AsSpan(g * dimension, dimension));
        return outputs;
    }

    private static float[] Rounded(float[] values, KeyFormat format)
    {
        var layout = new RowLayout(values.Length, format);
        using var memory = new AlignedBuffer<byte>(layout.Pitch);
        layout.Write(memory.Pointer, values);
        var rounded = new float[values.Length];
        layout.Read(memory.Pointer, rounded);
        return rounded;
    }
}
