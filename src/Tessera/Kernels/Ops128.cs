using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tessera.Kernels;

/// <summary>128-bit registers: 4 floats.</summary>
internal readonly unsafe struct Ops128 : IVectorOps<Vector128<float>>
{
    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Create(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CreateIndex(int value) => Vector128.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LessThan(Vector128<float> a, Vector128<float> b) => Vector128.LessThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Select(Vector128<float> mask, Vector128<float> a, Vector128<float> b) => Vector128.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Vector128<float> mask) => (uint)mask.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LastLanes(int count)
    {
        Vector128<int> lanes = Vector128<int>.Indices;
        return Vector128.GreaterThanOrEqual(lanes, Vector128.Create(Width - count)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> And(Vector128<float> a, Vector128<float> mask) => a & mask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        if (!Sse.IsSupported)
            return Vector128.Create(Pairwise(a), Pairwise(b), Pairwise(c), Pairwise(d));
        // A 4 x 4 transposition whose columns are added up: (0 + 2) + (1 + 3) in every row, as Pairwise does.
        Vector128<float> low = Sse.UnpackLow(a, b) + Sse.UnpackHigh(a, b), high = Sse.UnpackLow(c, d) + Sse.UnpackHigh(c, d);
        return Sse.MoveLowToHigh(low, high) + Sse.MoveHighToLow(high, low);
    }

    private static float Pairwise(Vector128<float> value) => (value[0] + value[2]) + (value[1] + value[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBytes(byte* source) => Sse41.IsSupported
        ? Vector128.ConvertToSingle(Sse41.ConvertToVector128Int32(source))
        : Vector128.Create((float)source[0], source[1], source[2], source[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadHalves(ushort* source)
    {
        // Sign, exponent and mantissa fall into the places of a float's, whose exponent is biased by 112 more; multiplying mends that, for numbers below the normal ones too.
        Vector128<int> bits = (Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)source).AsInt16()) << 13) & Vector128.Create(unchecked((int)0x8FFFE000));
        return bits.AsSingle() * Vector128.Create(OpsScalar.ScaleOfHalves);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBFloats(ushort* source) => (Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()).AsInt32() << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector128<float> value, byte* target)
    {
        Vector128<int> codes = Vector128.ConvertToInt32Native(Vector128.Round(value));
        Vector128<short> shorts = Vector128.Narrow(codes, codes);
        *(uint*)target = Vector128.Narrow(shorts, shorts).AsUInt32()[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(Vector128<float> value, ushort* target)
    {
        Vector128<int> bits = value.AsInt32(), size = bits & Vector128.Create(int.MaxValue);
        // The exponent is biased by 112 less; half of the last place, less one, and one for an odd last place round to even.
        Vector128<int> normal = (size + Vector128.Create(0xFFF - (112 << 23)) + ((size >> 13) & Vector128<int>.One)) >> 13;
        // Added to one half, a number below the normal ones is rounded to the places that a half has for it.
        Vector128<int> small = (size.AsSingle() + Vector128.Create(0.5f)).AsInt32() - Vector128.Create(0.5f).AsInt32();
        Vector128<int> codes = Vector128.ConditionalSelect(Vector128.LessThan(size, Vector128.Create(113 << 23)), small, normal) | ((bits >>> 16) & Vector128.Create(0x8000));
        *(ulong*)target = Vector128.Narrow(codes, codes).AsUInt64()[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloats(Vector128<float> value, ushort* target)
    {
        Vector128<int> bits = value.AsInt32();
        Vector128<int> codes = (bits + Vector128.Create(0x7FFF) + ((bits >>> 16) & Vector128<int>.One)) >>> 16;
        *(ulong*)target = Vector128.Narrow(codes, codes).AsUInt64()[0];
    }
}
