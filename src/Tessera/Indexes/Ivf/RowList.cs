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
    public RowList<T> Keep(ReadOnlySpan<int> newOrdinals, int dimension) => Empty.Append(this, newOrdinals, dimension);

    /// <summary>The list with some vectors of another behind; both stay as they are.</summary>
    /// <param name="other">Vectors of the same dimension.</param>
    /// <param name="newOrdinals">By ordinal in the other list; -1 for a vector that is left out.</param>
    /// <param name="dimension">Numbers in a vector, or bytes in a code.</param>
    public RowList<T> Append(RowList<T> other, ReadOnlySpan<int> newOrdinals, int dimension)
    {
        ReadOnlySpan<int> ordinalsOfOther = other.Ordinals.Span[..other.Count];
        int kept = 0;
        foreach (int ordinal in ordinalsOfOther)
            kept += newOrdinals[ordinal] >= 0 ? 1 : 0;
        if (kept == 0)
            return this;
        (Memory<T> room, Memory<int> ordinalRoom) = RoomFor(kept, dimension);
        int at = count;
        for (int i = 0; i < other.Count; i++)
        {
            int ordinal = newOrdinals[ordinalsOfOther[i]];
            if (ordinal < 0)
                continue;
            other.Rows.Span.Slice(i * dimension, dimension).CopyTo(room.Span[(at * dimension)..]);
            ordinalRoom.Span[at++] = ordinal;
        }

        return new RowList<T>(room, ordinalRoom, at);
    }

    /// <summary>The list with more vectors behind; this one stays as it is.</summary>
    /// <param name="vectors">All vectors that are being added.</param>
    /// <param name="members">Which of them belong here.</param>
    /// <param name="dimension">Numbers in a vector, or bytes in a code.</param>
    /// <param name="firstOrdinal">The ordinal of the first vector that is being added.</param>
    public RowList<T> Append(ReadOnlySpan<T> vectors, ReadOnlySpan<int> members, int dimension, int firstOrdinal)
    {
        (Memory<T> room, Memory<int> ordinalRoom) = RoomFor(members.Length, dimension);
        for (int i = 0; i < members.Length; i++)
        {
            vectors.Slice(members[i] * dimension, dimension).CopyTo(room.Span[((count + i) * dimension)..]);
            ordinalRoom.Span[count + i] = firstOrdinal + members[i];
        }

        return new RowList<T>(room, ordinalRoom, count + members.Length);
    }

    /// <summary>Memory with this list in front and room behind.</summary>
    private (Memory<T> Rows, Memory<int> Ordinals) RoomFor(int added, int dimension)
    {
        int total = count + added;
        // A list in a file has no room to spare, so its memory is never written to.
        if (ordinals.Length >= total)
            return (MemoryMarshal.AsMemory(rows), MemoryMarshal.AsMemory(ordinals));
        int capacity = Math.Max(total, count + count / 4);
        Memory<T> room = AlignedMemory.Allocate<T>(checked(capacity * dimension));
        var ordinalRoom = new int[capacity];
        rows.Span[..(count * dimension)].CopyTo(room.Span);
        ordinals.Span[..count].CopyTo(ordinalRoom);
        return (room, ordinalRoom);
    }
}
