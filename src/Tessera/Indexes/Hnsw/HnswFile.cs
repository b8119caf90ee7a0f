using System.Runtime.InteropServices;
using Tessera.Kernels;
using Tessera.Storage;

namespace Tessera.Indexes;

/// <summary>The sections of an HNSW index in a .tsr file, described in docs/file-format.md.</summary>
internal static class HnswFile
{
    private const string ParametersSection = "parameters";
    private const string CodesSection = "records";
    private const string LevelsSection = "levels";
    private const string GroundSection = "links";
    private const string StartsSection = "upper-starts";
    private const string UpperSection = "upper-links";

    public static void Write(string path, HnswIndex index, HnswGraph graph, int recordSize, RowSnapshot rows, Catalog catalog)
    {
        HnswOptions options = index.Options;
        int count = graph.Count;
        using TsrWriter writer = IndexFile.Create(path, HnswIndex.Kind, index, count);
        writer.Write<int>(ParametersSection, [options.Neighbors, options.EfConstruction, options.EfSearch, graph.Entry]);
        writer.Write<byte>(CodesSection, graph.Codes.Span[..(count * recordSize)]);
        writer.Write<byte>(LevelsSection, graph.Levels.Span[..count]);
        writer.Begin<int>(GroundSection);
        for (int node = 0; node < count; node++)
            AppendRow(writer, graph.Layer(0, options.Neighbors), node, count);
        writer.End();
        writer.Write<int>(StartsSection, graph.Starts.Span[..count]);
        writer.Begin<int>(UpperSection);
        for (int node = 0; node < count; node++)
        {
            for (int level = 1; level <= graph.Levels.Span[node]; level++)
                AppendRow(writer, graph.Layer(level, options.Neighbors), node, count);
        }

        writer.End();
        CatalogFile.Write(writer, catalog);
        IndexFile.WriteRows(writer, rows);
        writer.Commit();
    }

    public static (HnswOptions Options, HnswGraph Graph) Read(TsrReader file, IndexHeader header, int recordSize)
    {
        ReadOnlySpan<int> parameters = file.ReadExactly<int>(ParametersSection, 4).Span;
        var options = new HnswOptions { Neighbors = parameters[0], EfConstruction = parameters[1], EfSearch = parameters[2] };
        try
        {
            options.Validate();
        }
        catch (ArgumentException exception)
        {
            throw file.Error(ParametersSection, exception.Message);
        }

        int count = header.Count, entry = parameters[3];
        if (count == 0 ? entry != -1 : (uint)entry >= (uint)count)
            throw file.Error(ParametersSection, $"walks cannot start at node {entry} of {count}.");
        ReadOnlyMemory<int> upper = file.Read<int>(UpperSection);
        var graph = new HnswGraph(
            MemoryMarshal.AsMemory(file.ReadExactly<byte>(CodesSection, (long)count * recordSize)),
            MemoryMarshal.AsMemory(file.ReadExactly<byte>(LevelsSection, count)),
            MemoryMarshal.AsMemory(file.ReadExactly<int>(GroundSection, (long)count * (2 * options.Neighbors + 1))),
            MemoryMarshal.AsMemory(file.ReadExactly<int>(StartsSection, count)),
            MemoryMarshal.AsMemory(upper),
            upper.Length,
            count,
            entry);
        Check(file, graph, options.Neighbors);
        return (options, graph);
    }

    /// <summary>One row, without the links that an add under way has made already to nodes that the file does not hold.</summary>
    private static void AppendRow(TsrWriter writer, LayerLinks layer, int node, int count)
    {
        Span<int> row = stackalloc int[layer.Width + 1];
        row.Clear();
        foreach (int neighbor in layer.Of(node))
        {
            if (neighbor < count)
                row[++row[0]] = neighbor;
        }

        writer.Append<int>(row);
    }

    /// <summary>Every row lies where rows are, and every link leads to a node of its layer.</summary>
    private static void Check(TsrReader file, HnswGraph graph, int neighbors)
    {
        ReadOnlySpan<byte> levels = graph.Levels.Span;
        ReadOnlySpan<int> starts = graph.Starts.Span;
        for (int node = 0; node < graph.Count; node++)
        {
            if (levels[node] > graph.Top)
                throw file.Error(LevelsSection, $"node {node} is in layer {levels[node]}, above layer {graph.Top} where walks start.");
            long end = (long)starts[node] + levels[node] * (neighbors + 1);
            if (starts[node] < 0 || end > graph.UpperUsed)
                throw file.Error(StartsSection, $"the upper links of node {node} lie at {starts[node]} of {graph.UpperUsed}.");
            for (int level = 0; level <= levels[node]; level++)
                CheckRow(file, graph.Layer(level, neighbors), node, level, levels);
        }
    }

    private static void CheckRow(TsrReader file, LayerLinks layer, int node, int level, ReadOnlySpan<byte> levels)
    {
        string section = level == 0 ? GroundSection : UpperSection;
        int count = layer.Row(node)[0];
        if (count < 0 || count > layer.Width)
            throw file.Error(section, $"node {node} has {count} neighbours in layer {level}.");
        foreach (int neighbor in layer.Of(node))
        {
            if ((uint)neighbor >= (uint)levels.Length || levels[neighbor] < level)
                throw file.Error(section, $"node {node} is linked to {neighbor}, which is not in layer {level}.");
        }
    }
}
