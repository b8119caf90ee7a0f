using System.Runtime.Intrinsics;
using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

/// <summary>Each register width against single floats. A width that the machine lacks is computed in parts and must give the same.</summary>
[Trait("Category", "Kernels")]
public sealed unsafe class VectorOpsTests
{
    private static readonly float[] Left = TestVectors.Integers(16, 1);
    private static readonly float[] Right = TestVectors.Integers(16, 2);
    private static readonly float[] Third = TestVectors.Integers(16, 3);

    [Fact]
    public void Registers_of_512_bits_do_what_floats_do() => Check<Ops512, Vector512<float>>(16);

    [Fact]
    public void Registers_of_256_bits_do_what_floats_do() => Check<Ops256, Vector256<float>>(8);

    [Fact]
    public void Registers_of_128_bits_do_what_floats_do() => Check<Ops128, Vector128<float>>(4);

    [Fact]
    public void Single_floats_do_what_floats_do() => Check<OpsScalar, float>(1);

    private static void Check<TOps, T>(int width)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        Assert.Equal(width, TOps.Width);
        fixed (float* left = Left, right = Right, third = Third)
        {
            T a = TOps.Load(left), b = TOps.Load(right), c = TOps.Load(third), mask = TOps.LessThan(a, b);
            Assert.Equal(Lanes(width, i => Left[i]), Stored<TOps, T>(a));
            Assert.Equal(Lanes(width, _ => 2.5f), Stored<TOps, T>(TOps.Create(2.5f)));
            Assert.Equal(Lanes(width, i => Left[i] + Right[i]), Stored<TOps, T>(TOps.Add(a, b)));
            Assert.Equal(Lanes(width, i => Left[i] - Right[i]), Stored<TOps, T>(TOps.Subtract(a, b)));
            Assert.Equal(Lanes(width, i => Left[i] * Right[i] + Third[i]), Stored<TOps, T>(TOps.MultiplyAdd(a, b, c)));
            Assert.Equal(Lanes(width, i => Math.Min(Left[i], Right[i])), Stored<TOps, T>(TOps.Min(a, b)));
            Assert.Equal(Lanes(width, i => Math.Max(Left[i], Right[i])), Stored<TOps, T>(TOps.Max(a, b)));
            Assert.Equal(Lanes(width, i => Left[i] < Right[i] ? Left[i] : Third[i]), Stored<TOps, T>(TOps.Select(mask, a, c)));
            Assert.Equal(Lanes(width, _ => 123_456_789f), Numbers<TOps, T>(TOps.CreateIndex(123_456_789)));
            Assert.Equal(Lanes(width, i => Left[i]).Sum(), TOps.Sum(a));
            uint bits = 0;
            for (int i = 0; i < width; i++)
                bits |= Left[i] < Right[i] ? 1u << i : 0;
            Assert.Equal(bits, TOps.Bits(mask));
            Assert.Equal(0u, TOps.Bits(TOps.LessThan(a, a)));
        }
    }

    private static float[] Lanes(int width, Func<int, float> lane) => [.. Enumerable.Range(0, width).Select(lane)];

    private static float[] Stored<TOps, T>(T value)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        var lanes = new float[TOps.Width];
        fixed (float* target = lanes)
            TOps.Store(value, target);
        return lanes;
    }

    /// <summary>The raw bits of each lane as a whole number.</summary>
    private static float[] Numbers<TOps, T>(T value)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged => [.. Stored<TOps, T>(value).Select(lane => (float)BitConverter.SingleToInt32Bits(lane))];
}
