namespace Tessera.Colors.Transport;

/// <summary>
/// The cheapest way to bring supplies to demands, exactly: the network simplex method on the complete bipartite graph (the
/// transportation problem). The basis is a spanning tree; a pivot adds the arc that lowers the cost most within a row, and takes
/// away the one whose flow that brings to zero. Supplies are moved by a billionth each, which keeps every basic flow above zero, so
/// that it cannot cycle. Made for tens of sources and hundreds of sinks; allocates only when a problem is larger than all before.
/// Not safe for several threads.
/// </summary>
/// <remarks>Dantzig 1951; Charnes' perturbation; the tree is kept as in Ahuja, Magnanti and Orlin, Network Flows, chapter 11.</remarks>
internal sealed class TransportSimplex
{
    private const double Perturbation = 1e-9;
    private const double Tolerance = 1e-9;
    private const int PivotsBetweenBounds = 8;

    private readonly SpanningTree _tree = new();
    private double[] _costs = [];
    private double[] _supplies = [];
    private double[] _keys = [];
    private int[] _order = [];
    private double[] _demands = [];
    private double[] _needs = [];
    private double[] _closed = [];
    private int _sources;
    private int _sinks;
    private int _stride;

    /// <summary>Pivots of the last problem.</summary>
    public int Pivots { get; private set; }

    /// <summary>Prices of the sources in the last problem, the best ones where it was solved to its end.</summary>
    public ReadOnlySpan<double> SourcePrices => _tree.SourcePrices;

    /// <summary>Room for a problem, which the caller fills before <see cref="Solve"/>.</summary>
    public void Begin(int sources, int sinks)
    {
        _sources = sources;
        _sinks = sinks;
        _stride = RowScan.Padded(sinks);
        if (_costs.Length < sources * _stride)
            _costs = new double[sources * _stride];
        for (int source = 0; source < sources; source++)
            Row(source)[sinks..].Fill(double.PositiveInfinity);
        if (_supplies.Length < sources)
            (_supplies, _keys, _order) = (new double[sources], new double[sources], new int[sources]);
        if (_demands.Length < sinks)
            (_demands, _needs, _closed) = (new double[sinks], new double[sinks], new double[_stride]);
    }

    /// <summary>What each source has.</summary>
    public Span<double> Supplies => _supplies.AsSpan(0, _sources);

    /// <summary>What each sink needs; as much in all as the sources have.</summary>
    public Span<double> Demands => _demands.AsSpan(0, _sinks);

    /// <summary>Costs of one unit from a source to every sink.</summary>
    public Span<double> CostsOf(int source) => _costs.AsSpan(source * _stride, _sinks);

    /// <summary>The least cost. Uses up supplies and demands.</summary>
    /// <param name="enough">A cost above which it does not matter how much it is: the search stops where prices prove it, and gives a bound above this.</param>
    public double Solve(double enough = double.PositiveInfinity)
    {
        foreach (ref double supply in Supplies)
            supply += Perturbation;
        Demands[^1] += _sources * Perturbation;
        Demands.CopyTo(_needs);
        _tree.Begin(_sources, _sinks, _stride);
        FillGreedily();
        _tree.Root(_costs);
        // Far more than any problem has taken; what is there by then is a plan all the same.
        int most = 100 * (_sources + _sinks);
        int idle = 0;
        Pivots = 0;
        for (int source = 0; idle < _sources && Pivots < most; source = source + 1 == _sources ? 0 : source + 1)
        {
            // The sink to which the source could send at the lowest reduced cost below zero.
            int sink = RowScan.Least(Row(source), _tree.SinkPrices, _tree.PriceOf(source) - Tolerance);
            if (sink < 0)
            {
                idle++;
                continue;
            }

            idle = 0;
            if (Pivots++ % PivotsBetweenBounds == 0 && enough < double.PositiveInfinity && Bound() is var bound && bound > enough)
                return bound;
            _tree.Pivot(source, sink, CostsOf(source)[sink]);
        }

        return _tree.Cost(_costs);
    }

    /// <summary>By what they have, and the last one last: it is the tree's root, and often what costs nothing anywhere.</summary>
    private void OrderSources()
    {
        for (int source = 0; source < _sources; source++)
            _order[source] = source;
        Supplies.CopyTo(_keys);
        _keys[_sources - 1] = double.PositiveInfinity;
        Array.Sort(_keys, _order, 0, _sources);
    }

    /// <summary>A row of costs, infinite behind the last sink.</summary>
    private Span<double> Row(int source) => _costs.AsSpan(source * _stride, _stride);

    /// <summary>A bound from below by the sinks' prices as they are (weak duality): no source can do better than its cheapest sink less that sink's price.</summary>
    private double Bound()
    {
        ReadOnlySpan<double> prices = _tree.SinkPrices;
        double sum = 0;
        for (int source = 0; source < _sources; source++)
            sum += _supplies[source] * RowScan.Minimum(Row(source), prices);
        for (int sink = 0; sink < _sinks; sink++)
            sum += _needs[sink] * prices[sink];
        return sum;
    }

    /// <summary>
    /// A first plan: each source in turn sends to what is nearest and still in need, those first that have the least, which leaves
    /// a quarter fewer pivots than those that have the most. Each step closes one source or one sink, so that the arcs are a tree.
    /// </summary>
    private void FillGreedily()
    {
        OrderSources();
        int open = _sinks;
        // Infinitely dear once closed.
        Span<double> closed = _closed.AsSpan(0, _stride);
        closed.Clear();
        for (int turn = 0; turn < _sources; turn++)
        {
            int source = _order[turn];
            ReadOnlySpan<double> costs = Row(source);
            bool isLast = turn == _sources - 1;
            for (double left = _supplies[source]; ;)
            {
                int sink = RowScan.Least(costs, closed, double.PositiveInfinity);
                double amount = Math.Min(left, _demands[sink]);
                bool closesSink = isLast || (_demands[sink] < left && open > 1);
                if (!closesSink)
                    amount = left;
                else if (isLast)
                    amount = _demands[sink];
                _tree.AddArc(source, sink, amount);
                left -= amount;
                _demands[sink] -= amount;
                if (!closesSink)
                    break;
                closed[sink] = double.NegativeInfinity;
                if (--open == 0)
                    break;
            }
        }
    }
}
