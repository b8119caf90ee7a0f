using Tessera.Colors.Spaces;

namespace Tessera.Colors.Histograms;

/// <summary>
/// The 8 x 12 x 12 nodes in L*a*b* that all histograms count at: of images, of queries, and what transport between them costs.
/// The nodes of an axis run from end to end, so black and white are nodes; a colour between nodes is shared among its eight
/// neighbours so that their mean is the colour. Colours beyond the ends are clamped to them.
/// </summary>
public static class HistogramGrid
{
    /// <summary>Nodes along L*, 0 to 100.</summary>
    public const int LBins = 8;

    /// <summary>Nodes along a*, -86 to 98.</summary>
    public const int ABins = 12;

    /// <summary>Nodes along b*, -108 to 95.</summary>
    public const int BBins = 12;

    /// <summary>All nodes: numbers in a histogram.</summary>
    public const int TotalBins = LBins * ABins * BBins;

    /// <summary>Nodes that a colour is shared among.</summary>
    public const int Corners = 8;

    internal const float LLeast = 0, LStep = 100f / (LBins - 1);
    internal const float ALeast = -86, AStep = 184f / (ABins - 1);
    internal const float BLeast = -108, BStep = 203f / (BBins - 1);

    private static readonly LabColor[] AllNodes = [.. Enumerable.Range(0, TotalBins).Select(bin => new LabColor(
        LLeast + bin / (ABins * BBins) * LStep, ALeast + bin / BBins % ABins * AStep, BLeast + bin % BBins * BStep))];

    /// <summary>The colour of each node, by its number <c>(L * 12 + a) * 12 + b</c>.</summary>
    public static ReadOnlySpan<LabColor> Nodes => AllNodes;

    /// <summary>The colour with each coordinate inside of the grid.</summary>
    public static LabColor Clamp(LabColor color) => new(
        Math.Clamp(color.L, LLeast, LLeast + (LBins - 1) * LStep),
        Math.Clamp(color.A, ALeast, ALeast + (ABins - 1) * AStep),
        Math.Clamp(color.B, BLeast, BLeast + (BBins - 1) * BStep));

    /// <summary>The node nearest to a colour.</summary>
    public static int Nearest(LabColor color)
    {
        var (l, a, b) = Position(color);
        return ((int)MathF.Round(l) * ABins + (int)MathF.Round(a)) * BBins + (int)MathF.Round(b);
    }

    /// <summary>Shares a colour among the eight nodes around it (trilinear). The weights add up to 1; some may be 0.</summary>
    /// <param name="color">The colour; clamped to the grid.</param>
    /// <param name="bins">Receives eight numbers of nodes.</param>
    /// <param name="weights">Receives their shares.</param>
    public static void Assign(LabColor color, Span<int> bins, Span<float> weights)
    {
        var (l, a, b) = Position(color);
        // The last node belongs to the cell before it, so that every cell has eight corners.
        int cellL = Math.Min((int)l, LBins - 2), cellA = Math.Min((int)a, ABins - 2), cellB = Math.Min((int)b, BBins - 2);
        float partL = l - cellL, partA = a - cellA, partB = b - cellB;
        int first = (cellL * ABins + cellA) * BBins + cellB;
        for (int corner = 0; corner < Corners; corner++)
        {
            int upL = corner >> 2, upA = corner >> 1 & 1, upB = corner & 1;
            bins[corner] = first + (upL * ABins + upA) * BBins + upB;
            weights[corner] = (upL == 1 ? partL : 1 - partL) * (upA == 1 ? partA : 1 - partA) * (upB == 1 ? partB : 1 - partB);
        }
    }

    /// <summary>Adds a colour to a histogram.</summary>
    /// <param name="histogram">1152 numbers.</param>
    /// <param name="color">The colour; clamped to the grid.</param>
    /// <param name="weight">What it counts.</param>
    public static void AddTo(Span<float> histogram, LabColor color, float weight)
    {
        Span<int> bins = stackalloc int[Corners];
        Span<float> weights = stackalloc float[Corners];
        Assign(color, bins, weights);
        for (int corner = 0; corner < Corners; corner++)
            histogram[bins[corner]] += weight * weights[corner];
    }

    /// <summary>A colour in steps of the grid: 0 to the last node of each axis.</summary>
    private static (float L, float A, float B) Position(LabColor color) => (
        Math.Clamp((color.L - LLeast) / LStep, 0, LBins - 1),
        Math.Clamp((color.A - ALeast) / AStep, 0, ABins - 1),
        Math.Clamp((color.B - BLeast) / BStep, 0, BBins - 1));
}
