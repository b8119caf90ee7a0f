using Tessera.Colors.Histograms;

namespace Tessera.Colors.Transport;

/// <summary>
/// The bins of a histogram that hold something, four bytes each: the node's number in the upper 11 bits, its mass in the lower 21.
/// Masses are whole numbers that add up to <see cref="Whole"/>, so that sums of them are exact.
/// </summary>
public sealed class SparseHistogram
{
    /// <summary>The mass of a whole image.</summary>
    public const int Whole = 1 << 20;

    /// <summary>The share of an image that may be left out, in its smallest bins, which cost time and decide nothing: a hundredth of an accent of 5%.</summary>
    public const float Tail = 0.0005f;

    private const int MassBits = 21;

    private readonly uint[] _entries;

    private SparseHistogram(uint[] entries) => _entries = entries;

    /// <summary>The entries, by rising number of the node; see <see cref="BinOf"/> and <see cref="MassOf"/>.</summary>
    public ReadOnlySpan<uint> Entries => _entries;

    /// <summary>The node of an entry.</summary>
    public static int BinOf(uint entry) => (int)(entry >> MassBits);

    /// <summary>The mass of an entry, of <see cref="Whole"/>.</summary>
    public static int MassOf(uint entry) => (int)(entry & ((1u << MassBits) - 1));

    /// <summary>Takes the bins that hold the most, all but <paramref name="tail"/> of the mass, and scales them to <see cref="Whole"/>.</summary>
    /// <param name="histogram">1152 masses of 0 or more; they need not add up to 1.</param>
    /// <param name="tail">The share that may be left out, 0 to less than 1.</param>
    /// <exception cref="ArgumentException">The histogram has another length, or nothing in it.</exception>
    public static SparseHistogram Of(ReadOnlySpan<float> histogram, float tail = Tail)
    {
        if (histogram.Length != HistogramGrid.TotalBins)
            throw new ArgumentException($"A histogram has {HistogramGrid.TotalBins} numbers, not {histogram.Length}.", nameof(histogram));
        double total = 0;
        var order = new List<int>(256);
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            if (!(histogram[bin] >= 0) || !float.IsFinite(histogram[bin]))
                throw new ArgumentException($"Bin {bin} holds {histogram[bin]}; masses are finite numbers of 0 or more.", nameof(histogram));
            if (histogram[bin] == 0)
                continue;
            total += histogram[bin];
            order.Add(bin);
        }

        if (order.Count == 0)
            throw new ArgumentException("The histogram is empty.", nameof(histogram));
        float[] masses = histogram.ToArray();
        order.Sort((x, y) => masses[x] != masses[y] ? masses[y].CompareTo(masses[x]) : x.CompareTo(y));
        int kept = 0;
        double sum = 0;
        while (kept < order.Count && (kept == 0 || sum < total * (1 - tail)))
            sum += masses[order[kept++]];
        return new SparseHistogram(Scale(order, kept, masses, sum));
    }

    /// <summary>Takes entries as they were stored.</summary>
    /// <param name="entries">What <see cref="Entries"/> gave.</param>
    /// <exception cref="ArgumentException">The entries are no histogram.</exception>
    public static SparseHistogram FromEntries(ReadOnlySpan<uint> entries)
    {
        long sum = 0;
        int last = -1;
        foreach (uint entry in entries)
        {
            if (BinOf(entry) <= last || BinOf(entry) >= HistogramGrid.TotalBins)
                throw new ArgumentException($"Entry {entry:x8} is out of place: nodes rise and are below {HistogramGrid.TotalBins}.", nameof(entries));
            last = BinOf(entry);
            sum += MassOf(entry);
        }

        if (sum != Whole)
            throw new ArgumentException($"The masses add up to {sum}, not to {Whole}.", nameof(entries));
        return new SparseHistogram(entries.ToArray());
    }

    /// <summary>Writes all 1152 masses, which add up to 1.</summary>
    /// <param name="entries">A histogram's entries.</param>
    /// <param name="histogram">Receives 1152 numbers.</param>
    public static void Expand(ReadOnlySpan<uint> entries, Span<float> histogram)
    {
        histogram[..HistogramGrid.TotalBins].Clear();
        foreach (uint entry in entries)
            histogram[BinOf(entry)] = MassOf(entry) * (1f / Whole);
    }

    /// <summary>Rounds down and gives what is left over to the heaviest.</summary>
    private static uint[] Scale(List<int> order, int kept, float[] masses, double sum)
    {
        var whole = new int[kept];
        int left = Whole;
        for (int i = kept - 1; i > 0; i--)
            left -= whole[i] = (int)(masses[order[i]] / sum * Whole);
        whole[0] = left;
        return [.. Enumerable.Range(0, kept).Where(i => whole[i] > 0).OrderBy(i => order[i]).Select(i => (uint)order[i] << MassBits | (uint)whole[i])];
    }
}
