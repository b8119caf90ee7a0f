using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Attention.Kernels;

/// <summary>256-bit registers: 8 floats.</summary>
internal readonly unsafe struct RowOps256 : IRowOps<Vector256<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadHalf(ushort* source)
    {
        // Exponent and mantissa move to their places in a float; multiplying by 2^112 mends the exponent's bias, exactly, for
        // subnormal numbers too. The sign goes round the multiplication.
        Vector256<uint> bits = Widened(source);
        Vector256<float> size = ((bits & Vector256.Create(0x7FFFu)) << 13).AsSingle() * Vector256.Create(5.192296858534828E+33f);
        return size | ((bits & Vector256.Create(0x8000u)) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadBFloat16(ushort* source) => (Widened(source) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> value) => Vector256.Exp(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector256<float> value) => RowOps128.Largest(Vector128.MaxNative(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Widened(ushort* source) => Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe());
}
