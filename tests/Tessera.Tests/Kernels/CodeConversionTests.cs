using System.Runtime.Intrinsics;
using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class CodeConversionTests
{
    /// <summary>Every pattern of 16 bits that is a finite binary16.</summary>
    private static readonly ushort[] Halves = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i).Where(i => Half.IsFinite(BitConverter.UInt16BitsToHalf(i)))];

    [Fact]
    public void Every_finite_half_is_read_as_it_is_at_every_width()
    {
        float[] expected = Array.ConvertAll(Halves, half => (float)BitConverter.UInt16BitsToHalf(half));

        Assert.Equal(expected, Decoded<HalfCodes, Ops512, Vector512<float>>(Halves));
        Assert.Equal(expected, Decoded<HalfCodes, Ops256, Vector256<float>>(Halves));
        Assert.Equal(expected, Decoded<HalfCodes, Ops128, Vector128<float>>(Halves));
        Assert.Equal(expected, Decoded<HalfCodes, OpsScalar, float>(Halves));
    }

    [Fact]
    public void Numbers_are_rounded_to_halves_as_the_framework_rounds_them()
    {
        // Each half, the middle to the next one, and the floats around both: every tie and every rounding there is.
        float[] numbers = [.. Halves.Where(half => half < 0x7BFF).SelectMany(half =>
        {
            float low = (float)BitConverter.UInt16BitsToHalf(half), high = (float)BitConverter.UInt16BitsToHalf((ushort)(half + 1)), middle = (low + high) / 2;
            return (float[])[low, MathF.BitIncrement(low), MathF.BitDecrement(middle), middle, MathF.BitIncrement(middle), -middle, -low];
        })];
        ushort[] expected = Array.ConvertAll(numbers, number => BitConverter.HalfToUInt16Bits((Half)number));

        Assert.Equal(expected, Encoded<HalfCodes, Ops512, Vector512<float>>(numbers));
        Assert.Equal(expected, Encoded<HalfCodes, Ops256, Vector256<float>>(numbers));
        Assert.Equal(expected, Encoded<HalfCodes, Ops128, Vector128<float>>(numbers));
        Assert.Equal(expected, Encoded<HalfCodes, OpsScalar, float>(numbers));
    }

    [Fact]
    public void Numbers_become_the_nearest_bfloat_and_ties_the_even_one()
    {
        float[] numbers = [.. Enumerable.Range(0, 0x7F7F).Where(i => i % 37 == 0).SelectMany(i =>
        {
            int low = i << 16;
            return new[] { low, low + 1, low + 0x7FFF, low + 0x8000, low + 0x8001, low | int.MinValue }.Select(BitConverter.Int32BitsToSingle);
        })];
        ushort[] codes = Encoded<BFloatCodes, OpsScalar, float>(numbers);
        float[] decoded = Decoded<BFloatCodes, OpsScalar, float>(codes);

        for (int i = 0; i < numbers.Length; i++)
        {
            double error = Math.Abs((double)numbers[i] - decoded[i]);
            double below = Math.Abs((double)numbers[i] - BitConverter.Int32BitsToSingle((codes[i] - 1) << 16)), above = Math.Abs((double)numbers[i] - BitConverter.Int32BitsToSingle((codes[i] + 1) << 16));
            Assert.True((codes[i] & 0x7FFF) == 0 || error < below || (error == below && codes[i] % 2 == 0));
            Assert.True(error < above || (error == above && codes[i] % 2 == 0));
        }

        Assert.Equal(codes, Encoded<BFloatCodes, Ops512, Vector512<float>>(numbers));
        Assert.Equal(codes, Encoded<BFloatCodes, Ops256, Vector256<float>>(numbers));
        Assert.Equal(codes, Encoded<BFloatCodes, Ops128, Vector128<float>>(numbers));
        Assert.Equal(decoded, Decoded<BFloatCodes, Ops512, Vector512<float>>(codes));
        Assert.Equal(decoded, Decoded<BFloatCodes, Ops256, Vector256<float>>(codes));
        Assert.Equal(decoded, Decoded<BFloatCodes, Ops128, Vector128<float>>(codes));
    }

    [Fact]
    public void Grids_round_to_the_nearest_step_and_end_at_the_last_at_every_width_and_length()
    {
        for (int length = 0; length <= 70; length++)
        {
            float[] numbers = Array.ConvertAll(TestVectors.Normals(length, (ulong)length), x => 200 * x);
            float[] lows = TestVectors.Integers(length, 3), factors = [.. Enumerable.Range(0, length).Select(i => i % 5 == 0 ? 0 : 1f / (1 + i % 3))];
            byte[] expected = [.. numbers.Select((x, i) => (byte)Math.Clamp(MathF.Round((x - lows[i]) * factors[i]), 0, 255))];

            Assert.Equal(expected, OnGrid<Ops512, Vector512<float>>(numbers, lows, factors));
            Assert.Equal(expected, OnGrid<Ops256, Vector256<float>>(numbers, lows, factors));
            Assert.Equal(expected, OnGrid<Ops128, Vector128<float>>(numbers, lows, factors));
            Assert.Equal(expected, OnGrid<OpsScalar, float>(numbers, lows, factors));

            var code = new byte[length];
            CodeConversion.Encode<ByteCodes>(numbers, lows, factors, code);
            Assert.Equal(expected, code);
            var vector = new float[length];
            CodeConversion.Decode<ByteCodes>(code, lows, factors, vector);
            for (int i = 0; i < length; i++)
                Assert.Equal((double)code[i] * factors[i] + lows[i], vector[i], 1e-4);
        }
    }

    [Fact]
    public void Room_of_another_size_is_refused()
    {
        Assert.Throws<ArgumentException>(() => CodeConversion.Encode<HalfCodes>(new float[3], default, default, new byte[5]));
        Assert.Throws<ArgumentException>(() => CodeConversion.Encode<ByteCodes>(new float[3], new float[2], new float[3], new byte[3]));
        Assert.Throws<ArgumentException>(() => CodeConversion.Decode<ByteCodes>(new byte[4], new float[3], new float[3], new float[3]));
    }

    private static byte[] OnGrid<TOps, T>(float[] numbers, float[] lows, float[] factors)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        var codes = new byte[numbers.Length];
        fixed (float* source = numbers, low = lows, factor = factors)
        fixed (byte* target = codes)
            CodeConversion.Encode<ByteCodes, TOps, T>(source, low, factor, target, numbers.Length);
        return codes;
    }

    private static ushort[] Encoded<TFormat, TOps, T>(float[] numbers)
        where TFormat : struct, ICodeFormat
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        var codes = new ushort[numbers.Length];
        fixed (float* source = numbers)
        fixed (ushort* target = codes)
            CodeConversion.Encode<TFormat, TOps, T>(source, null, null, (byte*)target, numbers.Length);
        return codes;
    }

    private static float[] Decoded<TFormat, TOps, T>(ushort[] codes)
        where TFormat : struct, ICodeFormat
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        var numbers = new float[codes.Length];
        fixed (ushort* source = codes)
        fixed (float* target = numbers)
            CodeConversion.Decode<TFormat, TOps, T>((byte*)source, null, null, target, codes.Length);
        return numbers;
    }
}
