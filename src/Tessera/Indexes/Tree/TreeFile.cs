using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The sections of a tree in a .tsr file, described in docs/file-format.md.</summary>
internal static class TreeFile
{
    private const string ParametersSection = "parameters";
    private const string ChildrenSection = "child-counts";
    private const string CentroidsSection = "centroids";
    private const string RadiiSection = "radii";

    public static void Write(string path, TreeIndex index, ClusterTree tree, TreeBalls balls, RowList<float>[] leaves, Catalog catalog)
    {
        using TsrWriter writer = IndexFile.Create(path, TreeIndex.Kind, index, catalog.Rows);
        writer.Write<int>(ParametersSection, [index.Options.Levels, index.Options.Branching, index.Options.Beam]);
        var children = new int[tree.Nodes];
        for (int node = 0; node < children.Length; node++)
            children[node] = tree.ChildCount(node);
        writer.Write<int>(ChildrenSection, children);
        writer.Write(CentroidsSection, tree.Centroids.Span);
        writer.Write<float>(RadiiSection, balls.Radii);
        IvfFlatFile.WriteLists(writer, leaves, index.Dimension);
        CatalogFile.Write(writer, catalog);
        writer.Commit();
    }

    public static TreeOptions ReadOptions(TsrReader file)
    {
        ReadOnlySpan<int> parameters = file.ReadExactly<int>(ParametersSection, 3).Span;
        var options = new TreeOptions { Levels = parameters[0], Branching = parameters[1], Beam = parameters[2] };
        try
        {
            options.Validate();
        }
        catch (ArgumentException exception)
        {
            throw file.Error(ParametersSection, exception.Message);
        }

        return options;
    }

    public static ClusterTree ReadTree(TsrReader file, IndexHeader header, TreeOptions options)
    {
        ReadOnlySpan<int> children = file.Read<int>(ChildrenSection).Span;
        CheckChildren(file, children, options);
        return new ClusterTree(new Matrix(IndexFile.ReadFinite(file, CentroidsSection, (long)children.Length * header.Dimension), header.Dimension), children);
    }

    public static float[] ReadRadii(TsrReader file, ClusterTree tree)
    {
        float[] radii = IndexFile.ReadFinite(file, RadiiSection, tree.Nodes).ToArray();
        int negative = radii.AsSpan().IndexOfAnyInRange(float.MinValue, -float.Epsilon);
        return negative < 0 ? radii : throw file.Error(RadiiSection, $"radius {negative} is {radii[negative]}.");
    }

    /// <summary>Every node but the root is the child of one before it, and none lies deeper than there are levels.</summary>
    private static void CheckChildren(TsrReader file, ReadOnlySpan<int> children, TreeOptions options)
    {
        // Nodes of one level lie together: the level ends where the children of the one before it do.
        int next = 1, levelEnd = 1, depth = 0;
        for (int node = 0; node < children.Length; node++)
        {
            if (node == levelEnd)
            {
                levelEnd = next;
                depth++;
            }

            if (node >= next)
                throw file.Error(ChildrenSection, $"node {node} is no node's child.");
            if (children[node] < 0 || children[node] > options.Branching || (children[node] > 0 && depth >= options.Levels))
                throw file.Error(ChildrenSection, $"{children[node]} children of node {node} on level {depth} do not fit {options.Levels} levels of branching {options.Branching}.");
            next = (int)Math.Min((long)next + children[node], int.MaxValue);
        }

        if (next != children.Length)
            throw file.Error(ChildrenSection, $"{children.Length} nodes, of which {next - 1} are children.");
    }
}
