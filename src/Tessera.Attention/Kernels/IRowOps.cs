namespace Tessera.Attention.Kernels;

/// <summary>What attention needs of one register width beyond the engine's operations: numbers of 16 bits, and exponentials.</summary>
/// <typeparam name="T">The register: a 512, 256 or 128-bit vector of floats, or one float.</typeparam>
internal unsafe interface IRowOps<T>
    where T : unmanaged
{
    /// <summary>A register full of binary16 numbers, widened. They must be finite.</summary>
    static abstract T LoadHalf(ushort* source);

    /// <summary>A register full of bfloat16 numbers, widened.</summary>
    static abstract T LoadBFloat16(ushort* source);

    /// <summary>e^value in every lane; 0 for minus infinity.</summary>
    static abstract T Exp(T value);

    /// <summary>The largest lane.</summary>
    static abstract float Largest(T value);
}
