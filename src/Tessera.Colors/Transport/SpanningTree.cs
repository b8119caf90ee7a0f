namespace Tessera.Colors.Transport;

/// <summary>
/// The basis of <see cref="TransportSimplex"/>: a tree over sources (0 to sources - 1) and sinks (from there on). Each node but
/// the root has an arc to its parent, which carries a flow from the one of the two that is a source; prices are such that
/// source price + sink price = cost on every arc of the tree.
/// </summary>
internal sealed class SpanningTree
{
    private int[] _parent = [];
    private int[] _depth = [];
    private int[] _firstChild = [];
    private int[] _next = [];
    private int[] _previous = [];
    private int[] _stack = [];
    private double[] _flow = [];
    private double[] _price = [];
    private int _sources;
    private int _sinks;
    private int _stride;
    private int _arcs;

    // The arcs of the first plan, as lists of neighbours, until Root makes a tree of them.
    private int[] _arcSource = [];
    private int[] _arcSink = [];
    private double[] _arcFlow = [];

    /// <summary>Prices of the sinks, and any numbers behind them up to the length of a row.</summary>
    public ReadOnlySpan<double> SinkPrices => _price.AsSpan(_sources, _stride);

    /// <summary>Prices of the sources.</summary>
    public ReadOnlySpan<double> SourcePrices => _price.AsSpan(0, _sources);

    /// <summary>The price of a source: where cost less the sink's price is below it, a pivot is worth it.</summary>
    public double PriceOf(int source) => _price[source];

    /// <summary>Forgets everything.</summary>
    /// <param name="sources">Sources.</param>
    /// <param name="sinks">Sinks.</param>
    /// <param name="stride">From one source's costs to the next one's.</param>
    public void Begin(int sources, int sinks, int stride)
    {
        _sources = sources;
        _sinks = sinks;
        _stride = stride;
        _arcs = 0;
        int nodes = sources + stride;
        if (_parent.Length >= nodes)
            return;
        _parent = new int[nodes];
        _depth = new int[nodes];
        _firstChild = new int[nodes];
        _next = new int[nodes];
        _previous = new int[nodes];
        _stack = new int[nodes];
        _flow = new double[nodes];
        _price = new double[nodes];
        _arcSource = new int[nodes];
        _arcSink = new int[nodes];
        _arcFlow = new double[nodes];
    }

    /// <summary>Takes an arc of the first plan; sources + sinks - 1 of them make a tree.</summary>
    public void AddArc(int source, int sink, double flow)
    {
        _arcSource[_arcs] = source;
        _arcSink[_arcs] = _sources + sink;
        _arcFlow[_arcs++] = flow;
    }

    /// <summary>Hangs the arcs beneath the last source and sets all prices.</summary>
    public void Root(ReadOnlySpan<double> costs)
    {
        int nodes = _sources + _sinks;
        // Lists of arcs at each node: firstChild and stack lend their room; an arc has an end at its source and one at its sink.
        Span<int> head = _depth.AsSpan(0, nodes);
        head.Fill(-1);
        Span<int> nextAtSource = _next.AsSpan(0, nodes), nextAtSink = _previous.AsSpan(0, nodes);
        for (int arc = 0; arc < _arcs; arc++)
        {
            nextAtSource[arc] = head[_arcSource[arc]];
            head[_arcSource[arc]] = arc;
            nextAtSink[arc] = head[_arcSink[arc]];
            head[_arcSink[arc]] = arc;
        }

        int root = _sources - 1, read = 0, written = 0;
        _parent.AsSpan(0, nodes).Fill(-2);
        _parent[root] = -1;
        _price[root] = 0;
        _stack[written++] = root;
        while (read < written)
        {
            int node = _stack[read++];
            bool isSource = node < _sources;
            for (int arc = head[node]; arc >= 0; arc = isSource ? nextAtSource[arc] : nextAtSink[arc])
            {
                int other = isSource ? _arcSink[arc] : _arcSource[arc];
                if (_parent[other] != -2)
                    continue;
                _parent[other] = node;
                _flow[other] = _arcFlow[arc];
                _price[other] = costs[_arcSource[arc] * _stride + _arcSink[arc] - _sources] - _price[node];
                _stack[written++] = other;
            }
        }

        _firstChild.AsSpan(0, nodes).Fill(-1);
        _depth[root] = 0;
        for (int i = 1; i < written; i++)
        {
            int node = _stack[i];
            _depth[node] = _depth[_parent[node]] + 1;
            Hang(node, _parent[node]);
        }
    }

    /// <summary>Brings an arc into the tree and takes the one out whose flow runs dry.</summary>
    public void Pivot(int source, int sink, double cost)
    {
        int sinkNode = _sources + sink;
        int top = Top(source, sinkNode);
        // Sending along the new arc lowers the flow at its ends, raises it one step on, and so forth up to where the ways meet.
        double amount = double.PositiveInfinity;
        int leaving = -1;
        bool isOnSourceSide = false;
        for (int node = source; node != top; node = _parent[node])
        {
            if (node < _sources && _flow[node] < amount)
                (amount, leaving, isOnSourceSide) = (_flow[node], node, true);
        }

        for (int node = sinkNode; node != top; node = _parent[node])
        {
            if (node >= _sources && _flow[node] < amount)
                (amount, leaving, isOnSourceSide) = (_flow[node], node, false);
        }

        for (int node = source; node != top; node = _parent[node])
            _flow[node] += node < _sources ? -amount : amount;
        for (int node = sinkNode; node != top; node = _parent[node])
            _flow[node] += node < _sources ? amount : -amount;

        int inner = isOnSourceSide ? source : sinkNode, outer = isOnSourceSide ? sinkNode : source;
        Turn(inner, leaving);
        _parent[inner] = outer;
        _flow[inner] = amount;
        Hang(inner, outer);
        Reprice(inner, cost - _price[outer] - _price[inner]);
    }

    /// <summary>What all flows cost.</summary>
    public double Cost(ReadOnlySpan<double> costs)
    {
        double sum = 0;
        for (int node = 0; node < _sources + _sinks; node++)
        {
            int parent = _parent[node];
            if (parent < 0)
                continue;
            int source = Math.Min(node, parent), sink = Math.Max(node, parent) - _sources;
            sum += _flow[node] * costs[source * _stride + sink];
        }

        return sum;
    }

    /// <summary>Where the ways from two nodes to the root meet.</summary>
    private int Top(int first, int second)
    {
        while (first != second)
        {
            if (_depth[first] >= _depth[second])
                first = _parent[first];
            else
                second = _parent[second];
        }

        return first;
    }

    /// <summary>Cuts the arc above a node and turns those on the way down to <paramref name="inner"/> around, so that this one is the root of what was cut off.</summary>
    private void Turn(int inner, int leaving)
    {
        int node = inner, above = _parent[inner];
        double flow = _flow[inner];
        Unhang(inner);
        while (node != leaving)
        {
            int further = _parent[above];
            double furtherFlow = _flow[above];
            Unhang(above);
            _parent[above] = node;
            _flow[above] = flow;
            Hang(above, node);
            (node, above, flow) = (above, further, furtherFlow);
        }
    }

    /// <summary>Moves the prices of a subtree: up for the nodes of its root's kind, down for the others.</summary>
    private void Reprice(int root, double change)
    {
        bool isSource = root < _sources;
        int count = 0;
        _stack[count++] = root;
        while (count > 0)
        {
            int node = _stack[--count];
            _price[node] += node < _sources == isSource ? change : -change;
            _depth[node] = _depth[_parent[node]] + 1;
            for (int child = _firstChild[node]; child >= 0; child = _next[child])
                _stack[count++] = child;
        }
    }

    private void Hang(int node, int parent)
    {
        int first = _firstChild[parent];
        _next[node] = first;
        _previous[node] = -1;
        if (first >= 0)
            _previous[first] = node;
        _firstChild[parent] = node;
    }

    private void Unhang(int node)
    {
        if (_previous[node] >= 0)
            _next[_previous[node]] = _next[node];
        else
            _firstChild[_parent[node]] = _next[node];
        if (_next[node] >= 0)
            _previous[_next[node]] = _previous[node];
    }
}
