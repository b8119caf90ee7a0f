namespace Tessera.Colors.Tests.Transport;

/// <summary>Transport the slow way: one shortest path of the residual graph after another, found by relaxing all arcs until nothing changes.</summary>
internal static class FlowOracle
{
    public static double Cost(double[] supplies, double[] demands, double[,] costs)
    {
        int sources = supplies.Length, sinks = demands.Length;
        double[] supply = [.. supplies], demand = [.. demands];
        var flow = new double[sources, sinks];
        const double Nothing = 1e-12;
        while (supply.Any(amount => amount > Nothing))
        {
            var distance = new double[sources + sinks];
            var from = new int[sources + sinks];
            for (int i = 0; i < sources; i++)
                (distance[i], from[i]) = (supply[i] > Nothing ? 0 : double.PositiveInfinity, -1);
            for (int j = 0; j < sinks; j++)
                (distance[sources + j], from[sources + j]) = (double.PositiveInfinity, -1);
            for (bool changed = true; changed;)
            {
                changed = false;
                for (int i = 0; i < sources; i++)
                {
                    for (int j = 0; j < sinks; j++)
                    {
                        if (distance[i] + costs[i, j] < distance[sources + j] - 1e-10)
                            (distance[sources + j], from[sources + j], changed) = (distance[i] + costs[i, j], i, true);
                        if (flow[i, j] > Nothing && distance[sources + j] - costs[i, j] < distance[i] - 1e-10)
                            (distance[i], from[i], changed) = (distance[sources + j] - costs[i, j], sources + j, true);
                    }
                }
            }

            int end = Enumerable.Range(0, sinks).Where(j => demand[j] > Nothing).MinBy(j => distance[sources + j]);
            double amount = demand[end];
            int node = sources + end;
            for (; from[node] >= 0; node = from[node])
            {
                if (node < sources)
                    amount = Math.Min(amount, flow[node, from[node] - sources]);
            }

            amount = Math.Min(amount, supply[node]);
            supply[node] -= amount;
            demand[end] -= amount;
            for (node = sources + end; from[node] >= 0; node = from[node])
            {
                if (node < sources)
                    flow[node, from[node] - sources] -= amount;
                else
                    flow[from[node], node - sources] += amount;
            }
        }

        double sum = 0;
        for (int i = 0; i < sources; i++)
        {
            for (int j = 0; j < sinks; j++)
                sum += flow[i, j] * costs[i, j];
        }

        return sum;
    }
}
