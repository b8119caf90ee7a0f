namespace Tessera.Kernels;

/// <summary>Collected memory that starts on a 64-byte boundary and is never moved: what a structure keeps and kernels scan.</summary>
internal static class AlignedMemory
{
    private const int Alignment = 64;

    /// <summary>Zeroed room for <paramref name="length"/> values.</summary>
    public static unsafe Memory<T> Allocate<T>(int length)
        where T : unmanaged
    {
        if (length == 0)
            return default;
        int spare = Alignment / sizeof(T);
        T[] array = GC.AllocateArray<T>(checked(length + spare), pinned: true);
        fixed (T* start = array)
        {
            int skip = (int)((Alignment - ((nint)start & (Alignment - 1))) % Alignment / sizeof(T));
            return array.AsMemory(skip, length);
        }
    }
}
