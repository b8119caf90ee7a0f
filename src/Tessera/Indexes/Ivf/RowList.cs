using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>
/// The vectors of one inverted list, or codes of whole bytes in their place, as they were at one moment, with their ordinals. Whoever appends writes behind
/// <see cref="Count"/> only, so a reader of this moment is undisturbed.
/// </summary>
internal sealed class RowList<T>(ReadOnlyMemory<T> rows, ReadOnlyMemory<int> ordinals, int count)
    where T : unmanaged
{
    public static RowList<T> Empty { get; } = new(default, default, 0);

    public int Count => count;

    public ReadOnlyMemory<T> Rows => rows;

    public ReadOnlyMemory<int> Ordinals => ordinals;

    public long Bytes => (long)rows.Length * Unsafe.SizeOf<T>() + (long)ordinals.Length * sizeof(int);

    /// <summary>The list without some vectors, the others under new ordinals.</summary>
    /// <param name="newOrdinals">By ordinal; -1 for a vector that goes.</param>
    /// <param name="dimension">Numbers in a vector, or bytes in a code.</param>
    public RowList<T> Keep(ReadOnlySpan<int> newOrdinals, int dimension)
    {
        int kept = 0;
        foreach (int ordinal in ordinals.Span[..count])
            kept += newOrdinals[ordinal] >= 0 ? 1 : 0;
        if (kept == 0)
            return Empty;
        Memory<T> room = AlignedMemory.Allocate<T>(checked(kept * dimension));
        var keptOrdinals = new int[kept];
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            int ordinal = newOrdinals[ordinals.Span[i]];
            if (ordinal < 0)
                continue;
            rows.Span.Slice(i * dimension, dimension).CopyTo(room.Span[(at * dimension)..]);
            keptOrdinals[at++] = ordinal;
        }

        return new RowList<T>(room, keptOrdinals, kept);
    }

    /// <summary>The list with more vectors behind; this one stays as it is.</summary>
    /// <param name="vectors">All vectors that are being added.</param>
    /// <param name="members">Which of them belong here.</param>
    /// <param name="dimension">Numbers in a vector, or bytes in a code.</param>
    /// <param name="firstOrdinal">The ordinal of the first vector that is being added.</param>
    public RowList<T> Append(ReadOnlySpan<T> vectors, ReadOnlySpan<int> members, int dimension, int firstOrdinal)
    {
        int total = count + members.Length;
        Memory<T> room = MemoryMarshal.AsMemory(rows);
        Memory<int> ordinalRoom = MemoryMarshal.AsMemory(ordinals);
        // A list in a file has no room to spare, so its memory is never written to.
        if (ordinalRoom.Length < total)
        {
            int capacity = Math.Max(total, count + count / 4);
            room = AlignedMemory.Allocate<T>(checked(capacity * dimension));
            ordinalRoom = new int[capacity];
            rows.Span[..(count * dimension)].CopyTo(room.Span);
            ordinals.Span[..count].CopyTo(ordinalRoom.Span);
        }

        for (int i = 0; i < members.Length; i++)
        {
            vectors.Slice(members[i] * dimension, dimension).CopyTo(room.Span[((count + i) * dimension)..]);
            ordinalRoom.Span[count + i] = firstOrdinal + members[i];
        }

        return new RowList<T>(room, ordinalRoom, total);
    }
}
