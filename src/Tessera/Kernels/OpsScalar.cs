using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>One float at a time, for machines without vector registers.</summary>
internal readonly unsafe struct OpsScalar : IVectorOps<float>
{
    /// <summary>2^112, by which the biases of a float's and of a binary16's exponent differ.</summary>
    public const float ScaleOfHalves = 5.192296858534828e33f;

    public static int Width => 1;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* target) => *target = value;

    public static float Create(float value) => value;

    public static float CreateIndex(int value) => BitConverter.Int32BitsToSingle(value);

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float MultiplyAdd(float a, float b, float c) => a * b + c;

    public static float Min(float a, float b) => a < b ? a : b;

    public static float Max(float a, float b) => a > b ? a : b;

    public static float LessThan(float a, float b) => BitConverter.Int32BitsToSingle(a < b ? -1 : 0);

    public static float Select(float mask, float a, float b) => BitConverter.SingleToInt32Bits(mask) != 0 ? a : b;

    public static uint Bits(float mask) => BitConverter.SingleToInt32Bits(mask) != 0 ? 1u : 0u;

    public static float Sum(float value) => value;

    public static float LastLanes(int count) => BitConverter.Int32BitsToSingle(count > 0 ? -1 : 0);

    public static float And(float a, float mask) => BitConverter.SingleToInt32Bits(mask) != 0 ? a : 0;

    public static Vector128<float> Sums(float a, float b, float c, float d) => Vector128.Create(a, b, c, d);

    public static float LoadBytes(byte* source) => *source;

    public static float LoadHalves(ushort* source) => (float)BitConverter.UInt16BitsToHalf(*source);

    public static float LoadBFloats(ushort* source) => BitConverter.Int32BitsToSingle(*source << 16);

    public static void StoreBytes(float value, byte* target) => *target = (byte)MathF.Round(value);

    public static void StoreHalves(float value, ushort* target) => *target = BitConverter.HalfToUInt16Bits((Half)value);

    public static void StoreBFloats(float value, ushort* target)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        *target = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
