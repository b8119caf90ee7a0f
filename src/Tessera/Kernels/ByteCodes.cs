using System.Runtime.CompilerServices;

namespace Tessera.Kernels;

/// <summary>A byte: the number of a step on the dimension's grid of 256.</summary>
internal readonly unsafe struct ByteCodes : ICodeFormat
{
    public static int Size => 1;

    public static bool OnGrid => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<TOps, T>(byte* source)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged => TOps.LoadBytes(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TOps, T>(T value, byte* target)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged => TOps.StoreBytes(value, target);
}
