namespace Tessera.Kernels;

/// <summary>
/// The neighbours of the nodes of one layer, a row each: the number of neighbours and then room for the most there can be.
/// A node's row starts at <c>start(node)</c>: node * (width + 1) in the ground layer, where every node has a row.
/// </summary>
/// <param name="links">All rows.</param>
/// <param name="starts">Where each node's rows begin, one for each layer; empty in the ground layer.</param>
/// <param name="level">The layer's number, 0 for the ground.</param>
/// <param name="width">Most neighbours of a node.</param>
internal readonly struct LayerLinks(Memory<int> links, Memory<int> starts, int level, int width)
{
    public int Width => width;

    /// <summary>The row of a node: the count, then neighbours.</summary>
    public Span<int> Row(int node) =>
        links.Span.Slice(level == 0 ? node * (width + 1) : starts.Span[node] + (level - 1) * (width + 1), width + 1);

    /// <summary>The neighbours of a node. A count that is being raised by a writer is seen after the neighbour that it counts.</summary>
    public ReadOnlySpan<int> Of(int node)
    {
        Span<int> row = Row(node);
        return row.Slice(1, Math.Min(Volatile.Read(ref row[0]), width));
    }

    /// <summary>Replaces the neighbours of a node.</summary>
    public void Set(int node, ReadOnlySpan<int> neighbours)
    {
        Span<int> row = Row(node);
        neighbours.CopyTo(row[1..]);
        Volatile.Write(ref row[0], neighbours.Length);
    }
}
