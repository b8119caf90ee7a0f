using Tessera.Kernels;

namespace Tessera.Attention.Kernels;

/// <summary>How the numbers of a row lie in memory.</summary>
internal unsafe interface IRowFormat
{
    /// <summary>Bytes of a number.</summary>
    static abstract int Bytes { get; }

    /// <summary>A register full of numbers as floats.</summary>
    static abstract T Load<TOps, TRows, T>(byte* source)
        where TOps : struct, IVectorOps<T>
        where TRows : struct, IRowOps<T>
        where T : unmanaged;
}
