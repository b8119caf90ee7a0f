namespace Tessera.Kernels;

/// <summary>
/// Walks through the layers of a proximity graph over byte records: greedily down the upper ones, with a beam through a
/// layer. Neighbours not met before are prefetched together and scored four at a time.
/// </summary>
internal sealed unsafe class GraphWalk(ByteRecords records) : IDisposable
{
    private readonly VisitedSet _visited = new();
    private int[] _fresh = [];

    public ByteQuery Query { get; } = new(records);

    public Beam Beam { get; } = new();

    /// <summary>Records scored since the walk was made.</summary>
    public long Scored { get; private set; }

    /// <summary>Moves to a neighbour that is nearer until none is.</summary>
    /// <param name="layer">The layer's links.</param>
    /// <param name="codes">All records.</param>
    /// <param name="node">Where to start.</param>
    /// <param name="nodes">Nodes that this walk may see; links to later ones are being added and are passed over.</param>
    public int Descend(LayerLinks layer, ReadOnlySpan<byte> codes, int node, int nodes)
    {
        fixed (byte* start = codes)
        {
            float best = records.Score(Query, start + (long)node * records.Size);
            for (bool moved = true; moved;)
            {
                moved = false;
                foreach (int neighbour in layer.Of(node))
                {
                    if ((uint)neighbour >= (uint)nodes)
                        continue;
                    float score = records.Score(Query, start + (long)neighbour * records.Size);
                    Scored++;
                    if (score < best)
                        (best, node, moved) = (score, neighbour, true);
                }
            }

            return node;
        }
    }

    /// <summary>Fills the beam with the nearest nodes that the walk meets.</summary>
    /// <param name="layer">The layer's links.</param>
    /// <param name="codes">All records.</param>
    /// <param name="entry">Where to start.</param>
    /// <param name="nodes">Nodes that this walk may see.</param>
    /// <param name="width">Length of the beam (ef).</param>
    public void Search(LayerLinks layer, ReadOnlySpan<byte> codes, int entry, int nodes, int width)
    {
        if (_fresh.Length < layer.Width + 4)
            _fresh = new int[layer.Width + 4];
        (byte[] marks, byte walk) = _visited.Start(nodes);
        Beam.Reset(width);
        float* scores = stackalloc float[4];
        int size = records.Size;
        fixed (byte* start = codes, mark = marks)
        fixed (int* fresh = _fresh)
        {
            mark[entry] = walk;
            Beam.Insert(records.Score(Query, start + (long)entry * size), entry);
            for (int node = Beam.Next(); node >= 0; node = Beam.Next())
            {
                int count = 0;
                foreach (int neighbour in layer.Of(node))
                {
                    if ((uint)neighbour >= (uint)nodes || mark[neighbour] == walk)
                        continue;
                    mark[neighbour] = walk;
                    fresh[count++] = neighbour;
                    records.Prefetch(start + (long)neighbour * size);
                }

                Scored += count;
                int i = 0;
                for (; i + 4 <= count; i += 4)
                {
                    records.Scores(
                        Query,
                        start + (long)fresh[i] * size,
                        start + (long)fresh[i + 1] * size,
                        start + (long)fresh[i + 2] * size,
                        start + (long)fresh[i + 3] * size,
                        scores);
                    for (int j = 0; j < 4; j++)
                        Beam.Insert(scores[j], fresh[i + j]);
                }

                for (; i < count; i++)
                    Beam.Insert(records.Score(Query, start + (long)fresh[i] * size), fresh[i]);
            }
        }
    }

    public void Dispose()
    {
        Query.Dispose();
        Beam.Dispose();
    }
}
