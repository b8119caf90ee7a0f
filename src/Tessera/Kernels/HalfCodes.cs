using System.Runtime.CompilerServices;

namespace Tessera.Kernels;

/// <summary>IEEE binary16: 11 bits of mantissa, sizes from 6e-8 to 65504.</summary>
internal readonly unsafe struct HalfCodes : ICodeFormat
{
    public static int Size => 2;

    public static bool OnGrid => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<TOps, T>(byte* source)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged => TOps.LoadHalves((ushort*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TOps, T>(T value, byte* target)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged => TOps.StoreHalves(value, (ushort*)target);
}
