namespace Tessera.Kernels;

/// <summary>How a number is stored in a short code.</summary>
internal unsafe interface ICodeFormat
{
    /// <summary>Bytes of one number.</summary>
    static abstract int Size { get; }

    /// <summary>Whether what is stored is the number of a step on a grid: each dimension then has its lowest value and its step.</summary>
    static abstract bool OnGrid { get; }

    /// <summary>One register of numbers.</summary>
    static abstract T Load<TOps, T>(byte* source)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged;

    /// <summary>Stores one register of numbers, each to the nearest that the format has.</summary>
    static abstract void Store<TOps, T>(T value, byte* target)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged;
}
