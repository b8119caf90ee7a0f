namespace Tessera.Attention.Kernels;

/// <summary>One float at a time, for machines without vector registers.</summary>
internal readonly unsafe struct RowOpsScalar : IRowOps<float>
{
    public static float LoadHalf(ushort* source) => (float)BitConverter.UInt16BitsToHalf(*source);

    public static float LoadBFloat16(ushort* source) => BitConverter.UInt32BitsToSingle((uint)*source << 16);

    public static float Exp(float value) => MathF.Exp(value);

    public static float Largest(float value) => value;
}
