namespace Tessera.Colors.Transport;

/// <summary>
/// Transport with entropy, by Sinkhorn's iterations on logarithms, which hold for any epsilon. What the last iteration leaves
/// unbalanced is moved by a rounding (Altschuler et al. 2017), so that the result is the cost of a true plan and never below the
/// exact one. Not for speed: at these sizes <see cref="TransportSimplex"/> is faster and exact.
/// </summary>
internal sealed class Sinkhorn
{
    private double[] _costs = [];
    private double[] _supplies = [];
    private double[] _demands = [];
    private double[] _rowPotentials = [];
    private double[] _columnPotentials = [];
    private double[] _plan = [];
    private int _sources;
    private int _sinks;

    public Span<double> Supplies => _supplies.AsSpan(0, _sources);

    public Span<double> Demands => _demands.AsSpan(0, _sinks);

    public void Begin(int sources, int sinks)
    {
        (_sources, _sinks) = (sources, sinks);
        if (_costs.Length < sources * sinks)
            (_costs, _plan) = (new double[sources * sinks], new double[sources * sinks]);
        if (_supplies.Length < sources)
            (_supplies, _rowPotentials) = (new double[sources], new double[sources]);
        if (_demands.Length < sinks)
            (_demands, _columnPotentials) = (new double[sinks], new double[sinks]);
    }

    public Span<double> CostsOf(int source) => _costs.AsSpan(source * _sinks, _sinks);

    public double Solve(double epsilon, int iterations)
    {
        _columnPotentials.AsSpan(0, _sinks).Clear();
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            for (int i = 0; i < _sources; i++)
                _rowPotentials[i] = epsilon * Math.Log(Supplies[i]) - SoftMax(_costs.AsSpan(i * _sinks, _sinks), 1, _columnPotentials.AsSpan(0, _sinks), epsilon);
            for (int j = 0; j < _sinks; j++)
                _columnPotentials[j] = epsilon * Math.Log(Demands[j]) - SoftMax(_costs.AsSpan(j, (_sources - 1) * _sinks + 1), _sinks, _rowPotentials.AsSpan(0, _sources), epsilon);
        }

        for (int i = 0; i < _sources; i++)
        {
            for (int j = 0; j < _sinks; j++)
                _plan[i * _sinks + j] = Math.Exp((_rowPotentials[i] + _columnPotentials[j] - _costs[i * _sinks + j]) / epsilon);
        }

        return Round();
    }

    /// <summary>epsilon log of the sum of exp((potential - cost) / epsilon).</summary>
    private static double SoftMax(ReadOnlySpan<double> costs, int stride, ReadOnlySpan<double> potentials, double epsilon)
    {
        double most = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < potentials.Length; i++)
            most = Math.Max(most, potentials[i] - costs[i * stride]);
        for (int i = 0; i < potentials.Length; i++)
            sum += Math.Exp((potentials[i] - costs[i * stride] - most) / epsilon);
        return most + epsilon * Math.Log(sum);
    }

    /// <summary>Scales rows and columns down that carry too much and spreads what is then missing; gives the cost.</summary>
    private double Round()
    {
        Span<double> plan = _plan.AsSpan(0, _sources * _sinks), rowsLeft = _rowPotentials.AsSpan(0, _sources), columnsLeft = _columnPotentials.AsSpan(0, _sinks);
        for (int i = 0; i < _sources; i++)
        {
            double sum = 0;
            for (int j = 0; j < _sinks; j++)
                sum += plan[i * _sinks + j];
            double scale = sum > _supplies[i] ? _supplies[i] / sum : 1;
            for (int j = 0; j < _sinks; j++)
                plan[i * _sinks + j] *= scale;
        }

        Supplies.CopyTo(rowsLeft);
        double left = 0;
        for (int j = 0; j < _sinks; j++)
        {
            double sum = 0;
            for (int i = 0; i < _sources; i++)
                sum += plan[i * _sinks + j];
            double scale = sum > _demands[j] ? _demands[j] / sum : 1;
            for (int i = 0; i < _sources; i++)
                rowsLeft[i] -= plan[i * _sinks + j] *= scale;
            columnsLeft[j] = _demands[j] - sum * scale;
            left += columnsLeft[j];
        }

        double cost = 0;
        for (int i = 0; i < _sources; i++)
        {
            for (int j = 0; j < _sinks; j++)
                cost += (plan[i * _sinks + j] + (left > 1e-12 ? rowsLeft[i] * columnsLeft[j] / left : 0)) * _costs[i * _sinks + j];
        }

        return cost;
    }
}
