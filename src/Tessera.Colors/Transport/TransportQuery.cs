using Tessera.Colors.Histograms;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Transport;

/// <summary>
/// A query made ready for many images: its colours shared among the nodes of the grid as those of images are, so that an image of
/// exactly these colours costs nothing, and tables of what each node costs to every other. Read-only; safe for several threads.
/// </summary>
/// <remarks>
/// The distance of an image is the least of <c>sum over flows f(i, b) * cost(i, b) / w(i)^e</c>, where all of each asked node i is
/// brought to bins b of the image and no bin takes more than it holds, over <c>sum of w^(1 - e)</c>: between 0 and the saturation.
/// What the query leaves open (a wildcard) takes the rest of the image at no cost. e is the emphasis, w the weight of the node's colour.
/// </remarks>
internal sealed class TransportQuery
{
    /// <summary>Steps that costs between nodes are rounded down to where only a bound is wanted; the last is the saturation.</summary>
    public const int NodeLevels = 256;

    /// <summary>Steps that costs from whole colours are rounded down to.</summary>
    public const int GroupLevels = NodeLevels / LevelsTogether;

    /// <summary>Node levels in a group level.</summary>
    public const int LevelsTogether = 4;

    private readonly byte[] _groupLevels;
    private readonly byte[] _nodeLevels;
    private readonly float[] _nodeCosts;
    private readonly bool[] _isInReach = new bool[HistogramGrid.TotalBins];

    private TransportQuery(Group[] groups, GroundCost cost)
    {
        cost.Validate();
        Cost = cost;
        Groups = groups;
        double norm = 0;
        foreach (Group group in groups)
            norm += (double)group.Mass * group.Factor;
        Scale = 1 / norm;
        Nodes = [.. groups.SelectMany((group, number) => group.Nodes.Select(node => node with { Group = number }))];
        Open = SparseHistogram.Whole - Nodes.Sum(node => node.Mass);
        _nodeCosts = new float[Nodes.Length * HistogramGrid.TotalBins];
        _nodeLevels = new byte[_nodeCosts.Length];
        _groupLevels = new byte[groups.Length * HistogramGrid.TotalBins];
        FillTables();
    }

    /// <summary>The ground cost.</summary>
    public GroundCost Cost { get; }

    /// <summary>The colours asked for.</summary>
    public Group[] Groups { get; }

    /// <summary>Their shares of the grid's nodes.</summary>
    public Node[] Nodes { get; }

    /// <summary>The mass that may be anything.</summary>
    public int Open { get; }

    /// <summary>Whether colours are asked for and the rest may be anything: what has them in a small part of it is far by the index's measure.</summary>
    public bool HasColorsAndRest => Open > 0 && Groups[0].Nearness is not null;

    /// <summary>What sums of mass times cost are multiplied by.</summary>
    public double Scale { get; }

    /// <summary>Colours with weights, which add up to at most 1; what is missing may be anything.</summary>
    public static TransportQuery Of(IReadOnlyList<(LabColor Color, float Weight)> colors, GroundCost cost)
    {
        float sum = colors.Sum(color => color.Weight);
        // Weights that were divided by their sum add up to 1 but for rounding; then nothing is left open.
        bool isWhole = sum > 1 - 1e-4f;
        int left = isWhole ? SparseHistogram.Whole : (int)(sum * SparseHistogram.Whole);
        var groups = new Group[colors.Count];
        for (int i = 0; i < groups.Length; i++)
        {
            float share = colors[i].Weight / (isWhole ? sum : 1);
            int mass = i == groups.Length - 1 ? left : Math.Max(1, (int)(share * SparseHistogram.Whole));
            left -= mass;
            groups[i] = new Group(mass, MathF.Pow(mass / (float)SparseHistogram.Whole, -cost.Emphasis), NodesOf(colors[i].Color, mass), new Nearness(colors[i].Color));
        }

        return new TransportQuery(groups, cost);
    }

    /// <summary>The heaviest bins of an image; the rest of it may be anything.</summary>
    public static TransportQuery Of(SparseHistogram histogram, int mostNodes, GroundCost cost)
    {
        uint[] entries = histogram.Entries.ToArray();
        var heaviest = entries.OrderByDescending(SparseHistogram.MassOf).Take(mostNodes);
        return new TransportQuery([.. heaviest.Select(entry => new Group(SparseHistogram.MassOf(entry), 1, [new Node(SparseHistogram.BinOf(entry), SparseHistogram.MassOf(entry), 0)], null))], cost);
    }

    /// <summary>Rounded costs from each colour's nearest node to a bin.</summary>
    public ReadOnlySpan<byte> GroupLevelsOf(int bin) => _groupLevels.AsSpan(bin * Groups.Length, Groups.Length);

    /// <summary>Rounded costs from each node to a bin.</summary>
    public ReadOnlySpan<byte> NodeLevelsOf(int bin) => _nodeLevels.AsSpan(bin * Nodes.Length, Nodes.Length);

    /// <summary>Costs from a node to every bin, times the factor of its colour.</summary>
    public ReadOnlySpan<float> CostsOf(int node) => _nodeCosts.AsSpan(node * HistogramGrid.TotalBins, HistogramGrid.TotalBins);

    /// <summary>Whether a bin is nearer than the saturation to any node.</summary>
    public bool IsInReach(int bin) => _isInReach[bin];

    private static Node[] NodesOf(LabColor color, int mass)
    {
        Span<int> bins = stackalloc int[HistogramGrid.Corners];
        Span<float> weights = stackalloc float[HistogramGrid.Corners];
        HistogramGrid.Assign(color, bins, weights);
        var nodes = new List<Node>(HistogramGrid.Corners);
        int heaviest = 0, left = mass;
        for (int i = 0; i < bins.Length; i++)
        {
            if (weights[i] > weights[heaviest])
                heaviest = i;
        }

        for (int i = 0; i < bins.Length; i++)
        {
            int part = (int)(weights[i] * mass);
            if (i == heaviest || part == 0)
                continue;
            nodes.Add(new Node(bins[i], part, 0));
            left -= part;
        }

        nodes.Add(new Node(bins[heaviest], left, 0));
        return [.. nodes];
    }

    private void FillTables()
    {
        ReadOnlySpan<LabColor> nodes = HistogramGrid.Nodes;
        _groupLevels.AsSpan().Fill(GroupLevels - 1);
        for (int i = 0; i < Nodes.Length; i++)
        {
            Node node = Nodes[i];
            for (int bin = 0; bin < HistogramGrid.TotalBins; bin++)
            {
                float cost = Cost.Of(nodes[node.Bin].DistanceTo(nodes[bin]));
                // Never rounded up.
                byte level = (byte)Math.Clamp((int)(cost / Cost.Saturation * (NodeLevels - 1)), 0, NodeLevels - 1);
                _nodeCosts[i * HistogramGrid.TotalBins + bin] = cost * Groups[node.Group].Factor;
                _nodeLevels[bin * Nodes.Length + i] = level;
                ref byte group = ref _groupLevels[bin * Groups.Length + node.Group];
                group = Math.Min(group, (byte)(level / LevelsTogether));
                _isInReach[bin] |= cost < Cost.Saturation;
            }
        }
    }

    /// <summary>A colour that is asked for.</summary>
    /// <param name="Mass">How much of it, of <see cref="SparseHistogram.Whole"/>.</param>
    /// <param name="Factor">What its costs are multiplied by.</param>
    /// <param name="Nodes">The nodes that it is shared among.</param>
    /// <param name="Nearness">Tells how much of an image is of this colour; null for a bin of an image.</param>
    public sealed record Group(int Mass, float Factor, Node[] Nodes, Nearness? Nearness);

    /// <summary>A part of a colour.</summary>
    /// <param name="Bin">The node of the grid.</param>
    /// <param name="Mass">How much, of <see cref="SparseHistogram.Whole"/>.</param>
    /// <param name="Group">The number of its colour.</param>
    public readonly record struct Node(int Bin, int Mass, int Group);
}
