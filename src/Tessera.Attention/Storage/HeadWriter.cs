using Tessera.Attention.Trees;
using Tessera.Storage;

namespace Tessera.Attention.Storage;

/// <summary>Writes what one head of one text holds as sections of a file: docs/file-format.md has them. Gaps are left out.</summary>
internal sealed unsafe class HeadWriter(TsrWriter writer, string name, HeadStore store)
{
    private readonly List<KeyCodebooks> _codebooks = CodebooksOf(store);

    public void Write()
    {
        writer.Write<int>($"{name}.shape", Shape());
        writer.Write<double>($"{name}.bounds", [store.LongestKey, store.LongestValue, store.BuiltMeanSquare]);
        writer.Begin<byte>($"{name}.rows");
        AppendRows(store.Sinks, store.SinkCount);
        AppendRows(store.Tail, store.TailCount);
        ForRuns((segment, first, count) => AppendRows(segment.Row(first), count));
        writer.End();
        writer.Begin<int>($"{name}.positions");
        ForRuns((segment, first, count) => writer.Append(new ReadOnlySpan<int>(segment.Positions + first, count)));
        writer.End();
        writer.Begin<float>($"{name}.means");
        ForLevels((level, _) => writer.Append(new ReadOnlySpan<float>(level.Mean(0), level.Count * 2 * level.Stride)));
        writer.End();
        writer.Begin<int>($"{name}.clusters");
        ForNodes((node, isLeaf) => writer.Append<int>(isLeaf ? [node.Count, node.Capacity] : [node.Children, node.ChildCapacity]));
        writer.End();
        writer.Begin<float>($"{name}.radii");
        ForNodes((node, _) => writer.Append<float>([node.Radius, node.Variance, node.ValueRadius]));
        writer.End();
        if (_codebooks.Count > 0)
            WriteCodes();
    }

    private void WriteCodes()
    {
        writer.Begin<float>($"{name}.codebooks");
        foreach (KeyCodebooks codebooks in _codebooks)
            writer.Append<float>(codebooks.Numbers);
        writer.End();
        writer.Begin<byte>($"{name}.codes");
        foreach (Segment segment in store.Segments)
        {
            if (segment.Codebooks is not null)
                writer.Append(new ReadOnlySpan<byte>(segment.Codes, segment.Count * segment.Codebooks.CodeSize));
        }

        writer.End();
    }

    private int[] Shape()
    {
        var numbers = new List<int> { store.Length, store.SinkCount, store.TailCount, store.Insertions, _codebooks.Count, store.Segments.Count };
        numbers.AddRange(_codebooks.Select(codebooks => codebooks.TrainedOn));
        foreach (Segment segment in store.Segments)
        {
            int codebooks = segment.Codebooks is null ? 0 : 1 + _codebooks.IndexOf(segment.Codebooks);
            numbers.AddRange([segment.Count, segment.First, segment.IsOpen ? 1 : 0, codebooks, segment.Levels.Count]);
            numbers.AddRange(segment.Levels.Select(level => level.Count));
        }

        return [.. numbers];
    }

    /// <summary>All codebooks that keys of the head are coded with; last those for keys to come.</summary>
    private static List<KeyCodebooks> CodebooksOf(HeadStore store)
    {
        var all = new List<KeyCodebooks>();
        foreach (Segment segment in store.Segments)
        {
            if (segment.Codebooks is not null && segment.Codebooks != store.Codebooks && !all.Contains(segment.Codebooks))
                all.Add(segment.Codebooks);
        }

        if (store.Codebooks is not null)
            all.Add(store.Codebooks);
        return all;
    }

    private void AppendRows(byte* rows, int count)
    {
        // A span ends at 2 GiB.
        const int Piece = 1 << 16;
        for (int first = 0; first < count; first += Piece)
            writer.Append(new ReadOnlySpan<byte>(rows + (long)first * store.Layout.Pitch, checked(Math.Min(Piece, count - first) * store.Layout.Pitch)));
    }

    /// <summary>The rows of all segments, cluster by cluster.</summary>
    private void ForRuns(Action<Segment, int, int> run)
    {
        foreach (Segment segment in store.Segments)
        {
            if (!segment.IsOpen)
                run(segment, 0, segment.Count);
            for (int leaf = 0; segment.IsOpen && leaf < segment.Leaves.Count; leaf++)
                run(segment, segment.Leaves.Nodes[leaf].Start, segment.Leaves.Nodes[leaf].Count);
        }
    }

    private void ForLevels(Action<ClusterLevel, bool> level)
    {
        foreach (Segment segment in store.Segments)
        {
            for (int i = 0; i < segment.Levels.Count; i++)
                level(segment.Levels[i], i == 0);
        }
    }

    private void ForNodes(Action<ClusterNode, bool> node) => ForLevels((level, isLeaf) =>
    {
        for (int i = 0; i < level.Count; i++)
            node(level.Nodes[i], isLeaf);
    });
}
