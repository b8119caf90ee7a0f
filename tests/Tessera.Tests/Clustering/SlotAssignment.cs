namespace Tessera.Tests.Clustering;

/// <summary>
/// What the transportation problem is checked against: each cluster is cut into slots for one vector, and the slots are given
/// out by the Hungarian method (Kuhn, 1955; in O(rows^2 columns), after Jonker and Volgenant, 1987). Slots above a cluster's least size may stay empty.
/// </summary>
internal static class SlotAssignment
{
    /// <summary>The least sum of costs with sizes within the bounds; vector i costs <c>cost(i, j)</c> in cluster j.</summary>
    public static double LeastCost(int vectors, int[] least, int[] most, Func<int, int, double> cost)
    {
        (int Cluster, bool Optional)[] slots =
            [.. most.SelectMany((size, cluster) => Enumerable.Range(0, size).Select(place => (cluster, place >= least[cluster])))];
        const double Forbidden = 1e9;
        return Hungarian(slots.Length, (row, slot) => row < vectors ? cost(row, slots[slot].Cluster) : slots[slot].Optional ? 0 : Forbidden);
    }

    private static double Hungarian(int size, Func<int, int, double> cost)
    {
        var rowPrices = new double[size + 1];
        var columnPrices = new double[size + 1];
        var rowOf = new int[size + 1];
        for (int row = 1; row <= size; row++)
        {
            var slack = new double[size + 1];
            Array.Fill(slack, double.PositiveInfinity);
            var before = new int[size + 1];
            var used = new bool[size + 1];
            rowOf[0] = row;
            int column = 0;
            do
            {
                used[column] = true;
                int next = 0;
                double step = double.PositiveInfinity;
                for (int j = 1; j <= size; j++)
                {
                    if (used[j])
                        continue;
                    double reduced = cost(rowOf[column] - 1, j - 1) - rowPrices[rowOf[column]] - columnPrices[j];
                    if (reduced < slack[j])
                        (slack[j], before[j]) = (reduced, column);
                    if (slack[j] < step)
                        (step, next) = (slack[j], j);
                }

                for (int j = 0; j <= size; j++)
                {
                    if (used[j])
                    {
                        rowPrices[rowOf[j]] += step;
                        columnPrices[j] -= step;
                    }
                    else
                        slack[j] -= step;
                }

                column = next;
            }
            while (rowOf[column] != 0);
            for (; column != 0; column = before[column])
                rowOf[column] = rowOf[before[column]];
        }

        double sum = 0;
        for (int j = 1; j <= size; j++)
            sum += cost(rowOf[j] - 1, j - 1);
        return sum;
    }
}
