using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Attention.Kernels;

/// <summary>512-bit registers: 16 floats.</summary>
internal readonly unsafe struct RowOps512 : IRowOps<Vector512<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadHalf(ushort* source)
    {
        // Exponent and mantissa move to their places in a float; multiplying by 2^112 mends the exponent's bias, exactly, for
        // subnormal numbers too. The sign goes round the multiplication.
        Vector512<uint> bits = Widened(source);
        Vector512<float> size = ((bits & Vector512.Create(0x7FFFu)) << 13).AsSingle() * Vector512.Create(5.192296858534828E+33f);
        return size | ((bits & Vector512.Create(0x8000u)) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBFloat16(ushort* source) => (Widened(source) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> value) => Vector512.Exp(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector512<float> value) => RowOps256.Largest(Vector256.MaxNative(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Widened(ushort* source) => Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe());
}
