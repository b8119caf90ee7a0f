using System.Numerics;
using Tessera.Attention.Kernels;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;
using Tessera.Kernels;

namespace Tessera.Attention.Scoring;

/// <summary>
/// How far an output can be from that of exact attention when some clusters were not opened.
/// <para>
/// Let a cluster of n keys have the score x at its mean. By Jensen's inequality its keys weigh at least L = n e^x together.
/// No key's score is more than R = |q| r above x, and their variance is at most v = |q|^2 times the largest variance of the
/// keys along any direction; so by Bennett's inequality (Hoeffding 1963, lemma 2) they weigh at most U = L B(R, v).
/// With W the true weights, u the true weighted means of values, m the mean values, and E the output in which L and m stand
/// for them, the true output T satisfies
/// (T - E) (Z + sum W) = sum W (u - m) + sum (W - L)(m - E), and |W (u - m)| is at most the radius of the values times the
/// lesser of U and L sqrt(B(2R, 4v) - 1), since the weights deviate from their mean by no more than their standard deviation.
/// </para>
/// </summary>
internal sealed unsafe class ErrorBound
{
    /// <summary>Clusters whose share is within this factor of the largest are opened in one round; afterwards the sums are better known.</summary>
    private const float Round = 64;

    private const double Infinite = 1e30;

    private readonly PriorityBins _bins = new();
    private float[] _largest = [];
    private float[] _sums = [];
    private double[] _norms = [];

    /// <summary>The bound of an output for which all keys were scored: nothing but the rounding of the arithmetic.</summary>
    public double Exact(HeadStore store, OnlineSoftmax softmax, int query)
    {
        Begin(softmax);
        return Rounding(store, query);
    }

    /// <summary>The bound of one query's output.</summary>
    public double Total(HeadStore store, Frontier frontier, OnlineSoftmax softmax, int query, ReadOnlySpan<float> output)
    {
        BeginSums(frontier, softmax);
        double length = Math.Sqrt(Distance.Dot(output, output)), sum = 0;
        foreach (LevelView view in frontier.Views)
        {
            Span<ClusterState> states = frontier.States(view);
            for (int i = 0; i < states.Length; i++)
            {
                if (states[i] == ClusterState.Closed)
                    sum += Contribution(store, frontier, view, i, query, length, frontier.IsTailAdded);
            }
        }

        // No two outputs are further apart than two values can be.
        return Math.Min(sum, 2.0 * store.LongestValue) + Rounding(store, query);
    }

    /// <summary>Chooses what to open next so that the bounds come down to what is tolerated; false when they are there, or when the budget allows nothing more.</summary>
    public bool Choose(HeadStore store, Frontier frontier, OnlineSoftmax softmax, bool hasTail, double tolerated, int keysLeft)
    {
        BeginSums(frontier, softmax);
        _bins.Clear();
        float largest = 0;
        foreach (LevelView view in frontier.Views)
        {
            float* shares = frontier.Shares(view);
            Span<ClusterState> states = frontier.States(view);
            for (int i = 0; i < states.Length; i++)
            {
                shares[i] = 0;
                if (states[i] != ClusterState.Closed)
                    continue;
                double most = 0;
                for (int g = 0; g < softmax.Group; g++)
                    most = Math.Max(most, Contribution(store, frontier, view, i, g, store.LongestValue, hasTail));
                int keys = view.Level == 0 ? view.Clusters.Nodes[i].Count : 0;
                if (!(most > 0) || keys > keysLeft)
                    continue;
                shares[i] = (float)most;
                largest = MathF.Max(largest, shares[i]);
                _bins.Add(shares[i], keys, most);
            }
        }

        int threshold = Math.Max(_bins.Threshold(ref keysLeft, tolerated), PriorityBins.Bin(largest / Round));
        bool isAny = false;
        foreach (LevelView view in frontier.Views)
        {
            float* shares = frontier.Shares(view);
            Span<ClusterState> states = frontier.States(view);
            for (int i = 0; i < states.Length; i++)
            {
                if (states[i] != ClusterState.Closed || !(shares[i] > 0) || PriorityBins.Bin(shares[i]) < threshold)
                    continue;
                states[i] = ClusterState.Chosen;
                isAny = true;
            }
        }

        return isAny;
    }

    private void Begin(OnlineSoftmax softmax)
    {
        if (_norms.Length < softmax.Group)
        {
            _norms = new double[softmax.Group];
            _largest = new float[softmax.Group];
            _sums = new float[softmax.Group];
        }

        for (int g = 0; g < softmax.Group; g++)
        {
            var query = new ReadOnlySpan<float>(softmax.Queries + g * softmax.Stride, softmax.Stride);
            _norms[g] = 1.000001 * Math.Sqrt(Distance.Dot(query, query));
        }
    }

    /// <summary>The least that the sum of all weights can be, for each query.</summary>
    private void BeginSums(Frontier frontier, OnlineSoftmax softmax)
    {
        Begin(softmax);
        for (int g = 0; g < softmax.Group; g++)
            (_largest[g], _sums[g]) = frontier.KeysOnly(g);
        frontier.Total(_largest.AsSpan(0, softmax.Group), _sums.AsSpan(0, softmax.Group));
    }

    /// <summary>What a closed cluster adds to the bound of one query.</summary>
    private double Contribution(HeadStore store, Frontier frontier, LevelView view, int node, int query, double outputLength, bool hasTail)
    {
        ClusterLevel clusters = view.Clusters;
        ClusterNode cluster = clusters.Nodes[node];
        if (cluster.Count == 0)
            return 0;
        double norm = _norms[query], slack = MeanRounding(store, norm);
        double exponent = (double)frontier.Scores(view)[(long)query * view.Slots + node] + clusters.LogCounts[node] - _largest[query];
        double least = Math.Exp(exponent - slack), reach = 1.00001 * norm * cluster.Radius, variance = 1.0001 * norm * norm * cluster.Variance;
        double most = Math.Exp(exponent + slack) * Growth(reach, variance);
        double contribution;
        if (!hasTail)
        {
            contribution = most * (cluster.ValueNorm + cluster.ValueRadius + outputLength);
        }
        else
        {
            double spread = Math.Min(most, Math.Exp(exponent + slack) * Math.Sqrt(Math.Max(0, Growth(2 * reach, 4 * variance) - 1)));
            contribution = spread * cluster.ValueRadius + (most - least) * (cluster.ValueNorm + outputLength);
        }

        contribution *= Math.Exp(slack) / _sums[query];
        return contribution < Infinite ? contribution : Infinite;
    }

    /// <summary>The most that the mean of e^X can be for X with mean 0, at most <paramref name="reach"/>, and of this variance at most.</summary>
    internal static double Growth(double reach, double variance)
    {
        // A variable that never exceeds its mean by more than 0 is constant.
        if (!(reach > 0))
            return 1;
        variance = Math.Min(variance, reach * reach);
        double square = reach * reach;
        return square / (square + variance) * Math.Exp(-variance / reach) + variance / (square + variance) * Math.Exp(reach);
    }

    /// <summary>Room for the rounding of a score: of a product of this many numbers, in as many chains as registers have lanes.</summary>
    private static double ScoreRounding(HeadStore store, double norm) =>
        (store.Layout.Stride / Vector<float>.Count + 8) * Math.Pow(2, -24) * norm * store.LongestKey;

    /// <summary>The same for the score of a mean, which was itself rounded when it was summed up.</summary>
    private static double MeanRounding(HeadStore store, double norm) => 4 * ScoreRounding(store, norm);

    /// <summary>What the rounding of scores, weights and sums of values can change in an output.</summary>
    private double Rounding(HeadStore store, int query) =>
        (2 * (Math.Exp(2 * ScoreRounding(store, _norms[query])) - 1) + 4e-6) * store.LongestValue;
}
