using Tessera.Kernels;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The exact search of a flat index: one query past all rows, or many queries against them by the matrix product.</summary>
internal static class FlatSearch
{
    /// <summary>Relative room for the rounding of the sketches' product, so that no true neighbour is ruled out.</summary>
    private const float Slack = 1e-5f;

    /// <summary>Share of all pairs beyond which measuring them one by one costs more than the whole product.</summary>
    private const double MostPairs = 0.06;

    /// <summary>Blocks' worth of pairs that may be measured in advance: the first blocks meet heaps of chance candidates.</summary>
    private const int Credit = 8;

    /// <summary>One query; the memory's bandwidth is the limit.</summary>
    /// <returns>Candidates found, nearest first in the heap.</returns>
    public static int Scan(Metric metric, RowSnapshot rows, RowSet? allowed, ReadOnlySpan<float> query, Span<Candidate> heap, Span<float> room)
    {
        var top = new TopK(heap);
        for (int row = 0; row < rows.Rows;)
        {
            ReadOnlySpan<float> run = rows.Run(row, room.Length);
            int count = run.Length / rows.Dimension;
            ExactDistance.OfMany(metric, query, run, room[..count]);
            allowed?.Mask(row, room[..count], float.NaN);
            top.PushAll(room[..count], row);
            row += count;
        }

        return top.Sort().Length;
    }

    /// <summary>One query past some rows.</summary>
    /// <returns>Candidates found, nearest first in the heap.</returns>
    public static int Scan(Metric metric, RowSnapshot rows, ReadOnlySpan<int> members, ReadOnlySpan<float> query, Span<Candidate> heap)
    {
        var top = new TopK(heap);
        foreach (int row in members)
            top.Push(ExactDistance.Of(metric, query, rows[row]), row);
        return top.Sort().Length;
    }

    /// <summary>Many queries by the whole product, block by block; leaves heaps of k in the scratch.</summary>
    public static void Multiply(Metric metric, RowSnapshot rows, RowSet? allowed, ReadOnlySpan<float> queries, int count, int k, FlatScratch scratch, CancellationToken cancellationToken)
    {
        scratch.Start(queries, count, rows.Dimension, ProductRounding.Room(k));
        MultiplyRange(metric, rows, allowed, 0, rows.Rows, scratch, cancellationToken);
        MeasureAnew(metric, rows, queries, count, k, scratch);
    }

    /// <summary>Many queries, most rows ruled out by sketches; leaves heaps of k in the scratch.</summary>
    /// <returns>Whether the sketches were worth it; if not, the heaps hold part of the rows only.</returns>
    public static bool Prune(Metric metric, RowSnapshot rows, RowSet? allowed, RowSketches sketches, RowSketches.Block[] blocks, ReadOnlySpan<float> queries, int count, int k, FlatScratch scratch, CancellationToken cancellationToken)
    {
        scratch.Start(queries, count, rows.Dimension, ProductRounding.Room(k));
        sketches.PackLeft(new Matrix(queries.ToArray(), rows.Dimension), scratch.QueryNorms.AsSpan(0, count), scratch.SketchLeft);

        // The first block and what no sketch covers fill the heaps, whose worst candidates then rule out the rest.
        MultiplyRange(metric, rows, allowed, 0, RowSketches.BlockRows, scratch, cancellationToken);
        MultiplyRange(metric, rows, allowed, blocks.Length * RowSketches.BlockRows, rows.Rows, scratch, cancellationToken);
        MeasureAnew(metric, rows, queries, count, k, scratch);
        long measured = 0;
        for (int block = 1; block < blocks.Length; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<Pair> pairs = ListPairs(metric, blocks[block], count, scratch);
            int first = block * RowSketches.BlockRows;
            if (allowed is not null)
                pairs.RemoveAll(pair => !allowed.Contains(first + pair.Right));
            measured += pairs.Count;
            if (measured > MostPairs * count * RowSketches.BlockRows * (block + Credit))
                return false;
            foreach (Pair pair in pairs)
            {
                float distance = ExactDistance.Of(metric, queries.Slice(pair.Left * rows.Dimension, rows.Dimension), rows[first + pair.Right]);
                scratch.Push(pair.Left, k, distance, first + pair.Right);
            }
        }

        return true;
    }

    /// <summary>Whether a query's candidates are certain to be its nearest.</summary>
    public static bool Proves(Metric metric, int dimension, int query, ReadOnlySpan<Candidate> nearest, FlatScratch scratch) =>
        nearest.IsEmpty || ProductRounding.Proves(metric, dimension, nearest[^1].Distance, scratch.Bounds[query], scratch.QueryNorms[query], scratch.LargestNorm);

    /// <summary>Replaces the product's distances, which lack the digits that large norms share, by direct ones, and keeps the k nearest.</summary>
    private static void MeasureAnew(Metric metric, RowSnapshot rows, ReadOnlySpan<float> queries, int count, int k, FlatScratch scratch)
    {
        for (int i = 0; i < count; i++)
        {
            scratch.Bounds[i] = scratch.Thresholds[i] + (metric == Metric.L2 ? scratch.QueryNorms[i] : 0);
            Span<Candidate> heap = scratch.Heap(i);
            for (int j = 0; j < heap.Length; j++)
                heap[j] = heap[j] with { Distance = ExactDistance.Of(metric, queries.Slice(i * rows.Dimension, rows.Dimension), rows[heap[j].Ordinal]) };
            scratch.Restore(i, k);
        }
    }

    /// <summary>The pairs of a query and a row of the block that the sketches do not rule out.</summary>
    private static List<Pair> ListPairs(Metric metric, RowSketches.Block block, int count, FlatScratch scratch)
    {
        Span<float> offsets = scratch.Offsets.AsSpan(0, count), limits = scratch.Limits.AsSpan(0, RowSketches.BlockRows);
        if (metric == Metric.L2)
        {
            // |q|^2 + |x|^2 - 2 q.x is below the worst distance held, all terms of q on one side and those of x on the other.
            for (int i = 0; i < count; i++)
                offsets[i] = scratch.QueryNorms[i] * (1 - Slack) - scratch.Thresholds[i] * (1 + Slack);
            for (int i = 0; i < limits.Length; i++)
                limits[i] = block.Norms[i] * (Slack - 1);
        }
        else
        {
            // The product of the sketches is never below that of the vectors, but for rounding.
            float shift = metric == Metric.Cosine ? 1 : 0;
            for (int i = 0; i < count; i++)
                offsets[i] = 2 * (shift - scratch.Thresholds[i]) - scratch.QueryNorms[i] * Slack;
            for (int i = 0; i < limits.Length; i++)
                limits[i] = block.Norms[i] * Slack;
        }

        scratch.Pairs.Clear();
        NearestLeft.ListBelow(scratch.SketchLeft, offsets, block.Panels, 0, block.Panels.PanelCount, limits, scratch.Pairs);
        return scratch.Pairs;
    }

    private static void MultiplyRange(Metric metric, RowSnapshot rows, RowSet? allowed, int first, int end, FlatScratch scratch, CancellationToken cancellationToken)
    {
        int dimension = rows.Dimension, block = MatrixProduct.BlockSize(dimension);
        float shift = metric == Metric.Cosine ? 1 : 0;
        Span<float> offsets = scratch.Limits.AsSpan(0, block);
        offsets.Fill(shift);
        for (int row = first; row < end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<float> run = rows.Run(row, Math.Min(block, end - row));
            int taken = run.Length / dimension;
            Panels right = scratch.Right.Pack(run, taken, dimension, dimension);
            if (metric == Metric.L2)
                Distance.SquaredNorms(run, dimension, offsets[..taken]);
            else if (metric == Metric.InnerProduct)
                scratch.LargestNorm = Math.Max(scratch.LargestNorm, ExactDistance.LargestNorm(run, dimension));
            if (allowed is not null)
            {
                if (metric != Metric.L2)
                    offsets[..taken].Fill(shift);
                // Whatever is added to infinity enters no heap.
                allowed.Mask(row, offsets[..taken], float.PositiveInfinity);
            }

            NearestRight.Push(scratch.Left, right, offsets, metric == Metric.L2 ? -2 : -1, row, scratch.Room, scratch.Heaps, scratch.Counts, scratch.Thresholds, scratch.Owners);
            row += taken;
        }
    }
}
