using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Attention.Kernels;

/// <summary>128-bit registers: 4 floats.</summary>
internal readonly unsafe struct RowOps128 : IRowOps<Vector128<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadHalf(ushort* source)
    {
        // Exponent and mantissa move to their places in a float; multiplying by 2^112 mends the exponent's bias, exactly, for
        // subnormal numbers too. The sign goes round the multiplication.
        Vector128<uint> bits = Widened(source);
        Vector128<float> size = ((bits & Vector128.Create(0x7FFFu)) << 13).AsSingle() * Vector128.Create(5.192296858534828E+33f);
        return size | ((bits & Vector128.Create(0x8000u)) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBFloat16(ushort* source) => (Widened(source) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> value) => Vector128.Exp(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector128<float> value) => MathF.Max(MathF.Max(value[0], value[1]), MathF.Max(value[2], value[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Widened(ushort* source) => Vector128.WidenLower(Vector64.Load(source).ToVector128Unsafe());
}
