using System.Runtime.CompilerServices;

namespace Tessera.Kernels;

/// <summary>bfloat16: 8 bits of mantissa, and the range of a float.</summary>
internal readonly unsafe struct BFloatCodes : ICodeFormat
{
    public static int Size => 2;

    public static bool OnGrid => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<TOps, T>(byte* source)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged => TOps.LoadBFloats((ushort*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TOps, T>(T value, byte* target)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged => TOps.StoreBFloats(value, (ushort*)target);
}
