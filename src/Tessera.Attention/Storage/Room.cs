using System.Numerics;
using Tessera.Kernels;

namespace Tessera.Attention.Storage;

/// <summary>Working memory that grows to the largest size met, by powers of two, and loses its content when it does.</summary>
internal static class Room
{
    public static void Grow<T>(ref AlignedBuffer<T> buffer, long length)
        where T : unmanaged
    {
        if (buffer.Length >= length)
            return;
        buffer.Dispose();
        buffer = new AlignedBuffer<T>((long)BitOperations.RoundUpToPowerOf2((ulong)length));
    }

    public static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[BitOperations.RoundUpToPowerOf2((uint)length)];
    }
}
