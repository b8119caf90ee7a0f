using System.Runtime.InteropServices;
using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>
/// Records and links of an HNSW index as they were at one moment. Whoever adds writes behind <see cref="Count"/> and changes
/// links in place, which a walk tolerates: it passes over nodes that it may not see.
/// </summary>
/// <param name="Codes">One byte record a node.</param>
/// <param name="Levels">The top layer of each node.</param>
/// <param name="Ground">Rows of the ground layer.</param>
/// <param name="Starts">Where each node's upper rows begin in <paramref name="Upper"/>.</param>
/// <param name="Upper">Rows of the upper layers.</param>
/// <param name="UpperUsed">Numbers of <paramref name="Upper"/> in use.</param>
/// <param name="Count">Nodes.</param>
/// <param name="Entry">Where walks start, a node of the top layer; -1 when empty.</param>
internal sealed record HnswGraph(
    Memory<byte> Codes,
    Memory<byte> Levels,
    Memory<int> Ground,
    Memory<int> Starts,
    Memory<int> Upper,
    int UpperUsed,
    int Count,
    int Entry)
{
    public static HnswGraph Empty { get; } = new(default, default, default, default, default, 0, 0, -1);

    public int Top => Entry < 0 ? 0 : Levels.Span[Entry];

    public long Bytes => Codes.Length + Levels.Length + sizeof(int) * ((long)Ground.Length + Starts.Length + Upper.Length);

    /// <summary>The links of one layer.</summary>
    public LayerLinks Layer(int level, int neighbors) =>
        level == 0 ? new LayerLinks(Ground, default, 0, 2 * neighbors) : new LayerLinks(Upper, Starts, level, neighbors);

    /// <summary>The same nodes with room for more, in memory that may be written to.</summary>
    public HnswGraph WithRoom(int nodes, int upperNumbers, int neighbors, int recordSize)
    {
        int row = 2 * neighbors + 1;
        bool writable = MemoryMarshal.TryGetArray<byte>(Levels, out _);
        if (writable && Levels.Length >= nodes && Upper.Length >= UpperUsed + upperNumbers)
            return this;
        int capacity = Math.Max(nodes, Count + Count / 2);
        if ((long)capacity * Math.Max(recordSize, row) > Array.MaxLength / 2)
            capacity = nodes;
        Memory<byte> codes = AlignedMemory.Allocate<byte>(checked(capacity * recordSize));
        var levels = new byte[capacity];
        var ground = new int[checked(capacity * row)];
        var starts = new int[capacity];
        var upper = new int[Math.Max(UpperUsed + upperNumbers, UpperUsed + UpperUsed / 2)];
        Codes.Span[..(Count * recordSize)].CopyTo(codes.Span);
        Levels.Span[..Count].CopyTo(levels);
        Ground.Span[..(Count * row)].CopyTo(ground);
        Starts.Span[..Count].CopyTo(starts);
        Upper.Span[..UpperUsed].CopyTo(upper);
        return this with { Codes = codes, Levels = levels, Ground = ground, Starts = starts, Upper = upper };
    }
}
