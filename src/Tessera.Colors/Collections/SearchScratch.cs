using Tessera.Colors.Histograms;
using Tessera.Colors.Transport;
using Tessera.Search;

namespace Tessera.Colors.Collections;

/// <summary>Working memory of one search, handed on to the next.</summary>
internal sealed class SearchScratch
{
    private PartialTransport[] _transports = [];

    public float[] Vector { get; } = new float[HistogramGrid.TotalBins];

    /// <summary>Rows that were candidates already.</summary>
    public HashSet<int> Seen { get; } = [];

    public Neighbor[] Neighbors { get; private set; } = [];

    public int[] Rows { get; private set; } = [];

    public float[] Bounds { get; private set; } = [];

    /// <summary>What some threads measure by.</summary>
    public PartialTransport[] Transports(int threads)
    {
        if (_transports.Length != threads)
            _transports = [.. _transports.Take(threads), .. Enumerable.Range(0, Math.Max(0, threads - _transports.Length)).Select(_ => new PartialTransport())];
        return _transports;
    }

    /// <summary>Makes room for some candidates.</summary>
    public void Reserve(int rows)
    {
        if (Rows.Length >= rows)
            return;
        Rows = new int[rows];
        Bounds = new float[rows];
        Neighbors = new Neighbor[rows];
    }
}
