namespace Tessera.Clustering;

/// <summary>
/// Prices near those that <see cref="Transport"/> ends with, found without its paths: each round every vector in turn goes to
/// the cluster of least cost, price and penalty for a size out of bounds, and the prices then take over the penalties (the
/// method of multipliers, Hestenes and Powell, 1969). A round takes O(n k); what it leaves out of bounds is left to the paths.
/// </summary>
internal sealed class PriceSearch(float[] costs, int clusters, int[] least, int[] most)
{
    /// <summary>The first penalty, as a share of the mean regret for a cluster of mean size; and what each round multiplies it by, so that coarse differences of price settle first.</summary>
    private const double FirstWeight = 0.2;
    private const double Fall = 0.8;

    /// <summary>Vectors moved by paths in the time of a round, each O(k^2) to its O(n k), as a multiple of n / k (measured).</summary>
    private const long WorthARound = 4;

    private readonly int[] _sizes = new int[clusters];
    private readonly double[] _priced = new double[clusters];

    /// <summary>Improves prices while a round saves more than it takes.</summary>
    /// <param name="cheapest">Gives every vector to its best cluster under the prices.</param>
    /// <param name="prices">On entry any, on return better ones.</param>
    /// <param name="assignments">On return each vector's best cluster under the prices.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    public void Run(Action cheapest, double[] prices, int[] assignments, CancellationToken cancellationToken)
    {
        double weight = 0;
        long before = long.MaxValue;
        for (int round = 0; ; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            cheapest();
            Count(assignments);
            long misplaced = Misplaced();
            if (Math.Min(misplaced, before - misplaced) <= WorthARound * assignments.Length / clusters)
                return;
            before = misplaced;
            if (round == 0)
                weight = FirstWeight * MeanRegret(assignments) * clusters / assignments.Length;
            if (weight == 0)
                return;
            Pass(weight, prices, assignments);
            for (int cluster = 0; cluster < clusters; cluster++)
                prices[cluster] = Penalised(prices[cluster], weight, cluster);
            weight *= Fall;
        }
    }

    private void Count(int[] assignments)
    {
        Array.Clear(_sizes);
        foreach (int cluster in assignments)
            _sizes[cluster]++;
    }

    private long Misplaced()
    {
        long above = 0, below = 0;
        for (int cluster = 0; cluster < clusters; cluster++)
        {
            above += Math.Max(0, _sizes[cluster] - most[cluster]);
            below += Math.Max(0, least[cluster] - _sizes[cluster]);
        }

        return Math.Max(above, below);
    }

    private void Pass(double weight, double[] prices, int[] assignments)
    {
        for (int cluster = 0; cluster < clusters; cluster++)
            _priced[cluster] = Penalised(prices[cluster], weight, cluster);
        for (int i = 0; i < assignments.Length; i++)
        {
            int own = assignments[i];
            _sizes[own]--;
            _priced[own] = Penalised(prices[own], weight, own);
            int best = Transport.Best(costs.AsSpan(i * clusters, clusters), _priced);
            assignments[i] = best;
            _sizes[best]++;
            _priced[best] = Penalised(prices[best], weight, best);
        }
    }

    /// <summary>The price with the penalty: above zero only for a cluster that is full, below only for one that lacks vectors.</summary>
    private double Penalised(double price, double weight, int cluster)
    {
        double full = price + weight * (_sizes[cluster] - most[cluster]);
        return full > 0 ? full : Math.Min(0, price + weight * (_sizes[cluster] - least[cluster]));
    }

    /// <summary>How much more the second best cluster costs than the best, on average: the scale on which prices move vectors.</summary>
    private double MeanRegret(int[] assignments)
    {
        double sum = 0;
        for (int i = 0; i < assignments.Length; i++)
        {
            float first = float.PositiveInfinity, second = float.PositiveInfinity;
            foreach (float cost in costs.AsSpan(i * clusters, clusters))
            {
                if (cost < first)
                    (first, second) = (cost, first);
                else if (cost < second)
                    second = cost;
            }

            sum += clusters > 1 ? second - first : 0;
        }

        return sum / assignments.Length;
    }
}
