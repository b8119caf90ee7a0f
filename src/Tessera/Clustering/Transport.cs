using Tessera.Kernels;

namespace Tessera.Clustering;

/// <summary>
/// The transportation problem: every vector to one cluster, each cluster between a least and a most number of vectors, at
/// the least sum of costs. Exact, by successive shortest paths with prices (Ford and Fulkerson, 1962; Edmonds and Karp, 1972)
/// on the graph of the clusters: its edge from a to b is the cheapest move of a vector of a to b, so a path over it is a
/// path over the vectors, but costs O(k^2) to find instead of O(n k).
/// Starts from the best clusters under given prices; prices near the right ones leave few vectors to move.
/// </summary>
/// <param name="costs">What vector i costs in cluster j, at <c>i * clusters + j</c>.</param>
/// <param name="clusters">Number of clusters.</param>
/// <param name="threads">Threads; 0 uses every processor.</param>
internal sealed class Transport(float[] costs, int clusters, int threads)
{
    private const int VectorsPerPiece = 1024;

    private readonly int[] _extra = new int[clusters];
    private readonly int[] _excess = new int[clusters + 1];
    private readonly double[] _potentials = new double[clusters + 1];
    private readonly double[] _lengths = new double[clusters + 1];
    private readonly int[] _from = new int[clusters + 1];
    private readonly bool[] _settled = new bool[clusters + 1];

    /// <summary>The cluster graph's last node: it takes what clusters hold above their least number, so that every node has one size to meet.</summary>
    private int Slack => clusters;

    /// <summary>Finds the cheapest assignment within the bounds.</summary>
    /// <param name="least">Least size of each cluster; together at most the number of vectors.</param>
    /// <param name="most">Most size of each cluster, at least its least; together at least the number of vectors.</param>
    /// <param name="prices">On entry prices to start from (zeros will do), on return those that prove the assignment the cheapest: every vector is in a cluster of least cost plus price.</param>
    /// <param name="assignments">On return the cluster of each vector.</param>
    /// <param name="cancellationToken">Stops between the moves.</param>
    public void Solve(int[] least, int[] most, double[] prices, int[] assignments, CancellationToken cancellationToken)
    {
        new PriceSearch(costs, clusters, least, most).Run(() => Cheapest(prices, assignments, cancellationToken), prices, assignments, cancellationToken);
        var moves = new CheapestMoves(costs, clusters, assignments, threads, cancellationToken);
        prices.CopyTo(_potentials, 0);
        FillSlack(least, most, moves, assignments.Length);
        while (Array.Exists(_excess, excess => excess > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int target = ShortestPath(most, least, moves);
            Raise(_lengths[target]);
            Move(target, moves);
        }

        for (int cluster = 0; cluster < clusters; cluster++)
            prices[cluster] = _potentials[cluster] - _potentials[Slack];
    }

    /// <summary>The cluster of least cost plus price, ties to the lower number.</summary>
    internal static int Best(ReadOnlySpan<float> costs, ReadOnlySpan<double> prices)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        for (int cluster = 0; cluster < costs.Length; cluster++)
        {
            double cost = costs[cluster] + prices[cluster];
            if (cost < least)
                (least, best) = (cost, cluster);
        }

        return best;
    }

    /// <summary>The best cluster of every vector under the prices.</summary>
    private void Cheapest(double[] prices, int[] assignments, CancellationToken cancellationToken)
    {
        Workers.For((assignments.Length + VectorsPerPiece - 1) / VectorsPerPiece, threads, (piece, _) =>
        {
            int end = Math.Min(assignments.Length, (piece + 1) * VectorsPerPiece);
            for (int i = piece * VectorsPerPiece; i < end; i++)
                assignments[i] = Best(costs.AsSpan(i * clusters, clusters), prices);
        }, cancellationToken);
    }

    /// <summary>Hands the sizes above the least ones to the dearest clusters, which the prices say want them most, and of equally dear ones to those that hold vectors for them.</summary>
    private void FillSlack(ReadOnlySpan<int> least, ReadOnlySpan<int> most, CheapestMoves moves, int count)
    {
        int left = count;
        foreach (int size in least)
            left -= size;
        Array.Clear(_extra);
        int[] dearest = [.. Enumerable.Range(0, clusters).OrderByDescending(cluster => _potentials[cluster])];
        for (int start = 0, end; start < clusters && left > 0; start = end)
        {
            double price = _potentials[dearest[start]];
            _potentials[Slack] = price;
            for (end = start; end < clusters && _potentials[dearest[end]] == price; end++)
            {
                int cluster = dearest[end];
                Fill(cluster, Math.Min(moves.Size(cluster), most[cluster]) - least[cluster], ref left);
            }

            for (int i = start; i < end; i++)
                Fill(dearest[i], most[dearest[i]] - least[dearest[i]] - _extra[dearest[i]], ref left);
        }

        if (_extra.All(extra => extra == 0))
            _potentials[Slack] = _potentials.Take(clusters).Max();
        for (int cluster = 0; cluster < clusters; cluster++)
            _excess[cluster] = moves.Size(cluster) - least[cluster] - _extra[cluster];
        _excess[Slack] = 0;

        void Fill(int cluster, int wanted, ref int left)
        {
            int given = Math.Clamp(wanted, 0, left);
            _extra[cluster] += given;
            left -= given;
        }
    }

    /// <summary>Dijkstra's search from all clusters that hold too many to the nearest that holds too few, over the costs of moves less the difference of the prices, which are never negative.</summary>
    private int ShortestPath(ReadOnlySpan<int> most, ReadOnlySpan<int> least, CheapestMoves moves)
    {
        for (int node = 0; node <= clusters; node++)
        {
            _lengths[node] = _excess[node] > 0 ? 0 : double.PositiveInfinity;
            _from[node] = -1;
            _settled[node] = false;
        }

        while (true)
        {
            int nearest = -1;
            double length = double.PositiveInfinity;
            for (int node = 0; node <= clusters; node++)
            {
                if (!_settled[node] && _lengths[node] < length)
                    (nearest, length) = (node, _lengths[node]);
            }

            if (_excess[nearest] < 0)
                return nearest;
            _settled[nearest] = true;
            double above = length - _potentials[nearest];
            if (nearest == Slack)
            {
                for (int cluster = 0; cluster < clusters; cluster++)
                {
                    if (_extra[cluster] > 0)
                        Reach(cluster, nearest, above + _potentials[cluster], length);
                }

                continue;
            }

            ReadOnlySpan<double> costsOfMoves = moves.Costs(nearest);
            for (int cluster = 0; cluster < clusters; cluster++)
                Reach(cluster, nearest, above + costsOfMoves[cluster] + _potentials[cluster], length);
            if (_extra[nearest] < most[nearest] - least[nearest])
                Reach(Slack, nearest, above + _potentials[Slack], length);
        }
    }

    /// <param name="node">The end of an edge.</param>
    /// <param name="from">Its start.</param>
    /// <param name="length">The length of the path over it.</param>
    /// <param name="floor">The length up to its start, which rounding must not go below.</param>
    private void Reach(int node, int from, double length, double floor)
    {
        length = Math.Max(length, floor);
        if (length < _lengths[node] && !_settled[node])
            (_lengths[node], _from[node]) = (length, from);
    }

    /// <summary>Raises the prices so that the path found costs nothing and no other edge less than that.</summary>
    private void Raise(double length)
    {
        for (int node = 0; node <= clusters; node++)
            _potentials[node] += Math.Max(0, length - _lengths[node]);
    }

    /// <summary>Moves one vector along each edge of the path to <paramref name="target"/>, from its end, so that the moves found are still the ones there.</summary>
    private void Move(int target, CheapestMoves moves)
    {
        _excess[target]++;
        int node = target;
        for (; _from[node] >= 0; node = _from[node])
        {
            if (node == Slack)
                _extra[_from[node]]++;
            else if (_from[node] == Slack)
                _extra[node]--;
            else
                moves.Plan(_from[node], node);
        }

        _excess[node]--;
        moves.MovePlanned();
    }
}
