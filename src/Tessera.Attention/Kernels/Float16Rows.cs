using System.Runtime.CompilerServices;
using Tessera.Kernels;

namespace Tessera.Attention.Kernels;

/// <summary>Rows of binary16.</summary>
internal readonly unsafe struct Float16Rows : IRowFormat
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<TOps, TRows, T>(byte* source)
        where TOps : struct, IVectorOps<T>
        where TRows : struct, IRowOps<T>
        where T : unmanaged => TRows.LoadHalf((ushort*)source);
}
