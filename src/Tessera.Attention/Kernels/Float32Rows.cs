using System.Runtime.CompilerServices;
using Tessera.Kernels;

namespace Tessera.Attention.Kernels;

/// <summary>Rows of float32.</summary>
internal readonly unsafe struct Float32Rows : IRowFormat
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<TOps, TRows, T>(byte* source)
        where TOps : struct, IVectorOps<T>
        where TRows : struct, IRowOps<T>
        where T : unmanaged => TOps.Load((float*)source);
}
