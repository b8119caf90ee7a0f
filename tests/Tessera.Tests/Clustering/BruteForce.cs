using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

/// <summary>What k-means is checked against: every vector measured against every centroid, in double precision.</summary>
internal static class BruteForce
{
    /// <summary>The squared distance of two vectors.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }

    /// <summary>The nearest centroid of every vector, ties to the lower number.</summary>
    public static int[] Assign(Matrix vectors, Matrix centroids)
    {
        var nearest = new int[vectors.Rows];
        for (int i = 0; i < vectors.Rows; i++)
        {
            double least = double.PositiveInfinity;
            for (int c = 0; c < centroids.Rows; c++)
            {
                double distance = Distance(vectors[i], centroids[c]);
                if (distance < least)
                    (least, nearest[i]) = (distance, c);
            }
        }

        return nearest;
    }

    /// <summary>The sum of the squared distances to the centroids of an assignment.</summary>
    public static double Inertia(Matrix vectors, Matrix centroids, int[] assignments)
    {
        double sum = 0;
        for (int i = 0; i < vectors.Rows; i++)
            sum += Distance(vectors[i], centroids[assignments[i]]);
        return sum;
    }

    /// <summary>The sum of the squared distances to the nearest centroids.</summary>
    public static double Inertia(Matrix vectors, Matrix centroids) => Inertia(vectors, centroids, Assign(vectors, centroids));

    /// <summary>The sum of the squared norms, the scale of what an inertia may lose to rounding.</summary>
    public static double Squares(Matrix vectors) => Inertia(vectors, new Matrix(new float[vectors.Dimension], vectors.Dimension), new int[vectors.Rows]);

    /// <summary>Agreement of two clusterings, 1 when they are the same and around 0 when they have nothing to do with each other (Hubert and Arabie, 1985).</summary>
    public static double AdjustedRandIndex(int[] a, int[] b)
    {
        double both = Pairs(a.Zip(b)), first = Pairs(a), second = Pairs(b);
        double all = a.Length * (a.Length - 1.0) / 2, expected = first * second / all;
        return (both - expected) / ((first + second) / 2 - expected);

        static double Pairs<T>(IEnumerable<T> labels)
            where T : notnull => labels.CountBy(label => label).Sum(group => group.Value * (group.Value - 1.0) / 2);
    }
}
