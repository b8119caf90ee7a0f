using Tessera.Kernels;

namespace Tessera.Clustering;

/// <summary>For every two clusters a and b, the vector of a that is moved to b at the least cost; kept up to date while vectors move.</summary>
internal sealed class CheapestMoves
{
    private readonly float[] _costs;
    private readonly int _clusters;
    private readonly int[] _assignments;
    private readonly List<int>[] _members;
    private readonly int[] _places;
    private readonly double[] _least;
    private readonly int[] _vectors;
    private readonly List<(int Vector, int To)> _planned = [];
    private readonly List<int> _stale = [];

    public CheapestMoves(float[] costs, int clusters, int[] assignments, int threads, CancellationToken cancellationToken)
    {
        _costs = costs;
        _clusters = clusters;
        _assignments = assignments;
        _places = new int[assignments.Length];
        _least = new double[(long)clusters * clusters];
        _vectors = new int[(long)clusters * clusters];
        _members = new List<int>[clusters];
        for (int cluster = 0; cluster < clusters; cluster++)
            _members[cluster] = [];
        for (int vector = 0; vector < assignments.Length; vector++)
            Enter(vector, assignments[vector]);
        Array.Fill(_least, double.PositiveInfinity);
        Workers.For(clusters, threads, (cluster, _) =>
        {
            foreach (int vector in _members[cluster])
                Offer(vector, cluster);
        }, cancellationToken);
    }

    /// <summary>Vectors in a cluster.</summary>
    public int Size(int cluster) => _members[cluster].Count;

    /// <summary>The least cost of moving a vector of a cluster to each other one; infinite where it is empty, and meaningless for itself.</summary>
    public ReadOnlySpan<double> Costs(int from) => _least.AsSpan(from * _clusters, _clusters);

    /// <summary>Names the cheapest vector of one cluster to be moved to another one by <see cref="MovePlanned"/>.</summary>
    public void Plan(int from, int to) => _planned.Add((_vectors[from * _clusters + to], to));

    /// <summary>Moves the vectors that were named, all at once: they were chosen from the clusters as they were before.</summary>
    public void MovePlanned()
    {
        foreach ((int vector, int to) in _planned)
        {
            Leave(vector);
            _assignments[vector] = to;
            Enter(vector, to);
            Offer(vector, to);
        }

        _planned.Clear();
    }

    private void Enter(int vector, int cluster)
    {
        _places[vector] = _members[cluster].Count;
        _members[cluster].Add(vector);
    }

    private void Leave(int vector)
    {
        int cluster = _assignments[vector];
        List<int> members = _members[cluster];
        int last = members[^1];
        members[_places[vector]] = last;
        _places[last] = _places[vector];
        members.RemoveAt(members.Count - 1);
        _stale.Clear();
        for (int to = 0; to < _clusters; to++)
        {
            int edge = cluster * _clusters + to;
            if (_vectors[edge] != vector || double.IsPositiveInfinity(_least[edge]))
                continue;
            _least[edge] = double.PositiveInfinity;
            _stale.Add(to);
        }

        foreach (int member in members)
        {
            ReadOnlySpan<float> row = _costs.AsSpan(member * _clusters, _clusters);
            double stay = row[cluster];
            foreach (int to in _stale)
                Offer(member, cluster * _clusters + to, row[to] - stay);
        }
    }

    private void Offer(int vector, int cluster)
    {
        ReadOnlySpan<float> row = _costs.AsSpan(vector * _clusters, _clusters);
        double stay = row[cluster];
        for (int to = 0; to < row.Length; to++)
            Offer(vector, cluster * _clusters + to, row[to] - stay);
    }

    private void Offer(int vector, int edge, double cost)
    {
        if (cost < _least[edge])
            (_least[edge], _vectors[edge]) = (cost, vector);
    }
}
