using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class AssignerTests
{
    [Theory]
    [InlineData(1, typeof(ProductAssigner))]
    [InlineData(100, typeof(ProductAssigner))]
    [InlineData(125, typeof(ProductAssigner))]
    [InlineData(126, typeof(SketchAssigner))]
    [InlineData(784, typeof(SketchAssigner))]
    public void Long_vectors_are_assigned_by_sketches_and_short_ones_by_the_product(int dimension, Type expected)
    {
        using var assigner = Assigner.Create(TestVectors.Normal(40, dimension, 1), 42, 1, default);

        Assert.IsType(expected, assigner);
    }

    /// <summary>Rows beyond several blocks, ranks that sketches hold whole, in part and hardly at all (where the bounds give up).</summary>
    public static TheoryData<int, int, int, int> Data() => new()
    {
        { 2500, 5, 5, 30 }, { 1, 3, 3, 1 }, { 1100, 100, 100, 13 }, { 2500, 130, 3, 40 }, { 2500, 200, 150, 40 }, { 1100, 300, 300, 25 }, { 33, 140, 2, 33 }, { 900, 126, 20, 1 },
    };

    [Theory]
    [MemberData(nameof(Data))]
    public void Every_vector_gets_its_nearest_centroid_while_the_centroids_move(int rows, int dimension, int rank, int clusters)
    {
        // Whole numbers: distances are exact and tie, and ties go to the lower number.
        Matrix vectors = Whole(TestVectors.LowRank(rows, dimension, rank, 0.3f, 1));
        float[] centroids = vectors.Select(new SeededRandom(3).Sample(clusters, rows)).Values.ToArray();
        using var assigner = Assigner.Create(vectors, 42, 2, default);
        var assignments = new int[rows];
        float[] shifts = [];
        for (int iteration = 0; iteration < 6; iteration++)
        {
            assigner.Assign(new Matrix(centroids, dimension), shifts, assignments, default);

            Assert.Equal(BruteForce.Assign(vectors, new Matrix(centroids, dimension)), assignments);

            float[] moved = Move(centroids, dimension, iteration);
            shifts = [.. Enumerable.Range(0, clusters).Select(c =>
                (float)Math.Sqrt(BruteForce.Distance(centroids.AsSpan(c * dimension, dimension), moved.AsSpan(c * dimension, dimension))))];
            centroids = moved;
        }
    }

    [Fact]
    public void A_second_run_forgets_the_first()
    {
        Matrix vectors = Whole(TestVectors.LowRank(1500, 150, 8, 0.3f, 1));
        Matrix first = vectors.Slice(0, 20), second = vectors.Slice(700, 20);
        using var assigner = Assigner.Create(vectors, 42, 2, default);
        var assignments = new int[1500];

        assigner.Assign(first, default, assignments, default);
        assigner.Assign(second, default, assignments, default);

        Assert.Equal(BruteForce.Assign(vectors, second), assignments);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(160)]
    public void Zero_vectors_and_duplicates_are_assigned_to_their_own_centroid(int dimension)
    {
        // Half of the rows are zero, the others are three vectors again and again; the centroids are among them, some twice.
        float[] distinct = [.. new float[dimension], .. TestVectors.Normals(3 * dimension, 1)];
        Matrix kinds = new(distinct, dimension);
        Matrix vectors = kinds.Select([.. Enumerable.Range(0, 1200).Select(i => i % 2 == 0 ? 0 : 1 + i / 2 % 3)]);
        Matrix centroids = kinds.Select([3, 0, 2, 0, 1, 3]);
        using var assigner = Assigner.Create(vectors, 42, 1, default);
        var assignments = new int[1200];

        assigner.Assign(centroids, default, assignments, default);
        int[] first = [.. assignments];
        assigner.Assign(centroids, new float[6], assignments, default);

        int[] centroidOfKind = [1, 4, 2, 0];
        int[] expected = [.. Enumerable.Range(0, 1200).Select(i => centroidOfKind[i % 2 == 0 ? 0 : 1 + i / 2 % 3])];
        Assert.Equal(expected, first);
        Assert.Equal(expected, assignments);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(200, 6)]
    [InlineData(200, 200)]
    public void Numbers_that_round_are_assigned_as_near_as_rounding_can_tell(int dimension, int rank)
    {
        Matrix vectors = TestVectors.LowRank(2000, dimension, rank, 0.1f, 5);
        Matrix centroids = TestVectors.LowRank(50, dimension, rank, 0.1f, 6);
        using var assigner = Assigner.Create(vectors, 42, 2, default);
        var assignments = new int[2000];

        assigner.Assign(centroids, default, assignments, default);

        int[] nearest = BruteForce.Assign(vectors, centroids);
        for (int i = 0; i < vectors.Rows; i++)
        {
            double room = 1e-5 * (BruteForce.Distance(vectors[i], new float[dimension]) + BruteForce.Distance(centroids[assignments[i]], new float[dimension]));
            double least = BruteForce.Distance(vectors[i], centroids[nearest[i]]);
            Assert.InRange(BruteForce.Distance(vectors[i], centroids[assignments[i]]), least, least + room);
        }
    }

    [Fact]
    public void Any_number_of_threads_assigns_alike()
    {
        Matrix vectors = TestVectors.LowRank(3000, 150, 10, 0.2f, 5), centroids = TestVectors.LowRank(60, 150, 10, 0.2f, 6);
        var results = new List<int[]>();
        foreach (int threads in (int[])[1, 2, 5])
        {
            using var assigner = Assigner.Create(vectors, 42, threads, default);
            var assignments = new int[3000];
            assigner.Assign(centroids, default, assignments, default);
            results.Add(assignments);
        }

        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    private static Matrix Whole(Matrix vectors) =>
        new(Array.ConvertAll(vectors.Values.ToArray(), x => Math.Clamp(MathF.Round(4 * x), -60, 60)), vectors.Dimension);

    /// <summary>Moves most centroids a little, some far, some not at all, and two onto each other.</summary>
    private static float[] Move(float[] centroids, int dimension, int iteration)
    {
        float[] moved = [.. centroids];
        var random = new SeededRandom(7, (ulong)iteration);
        for (int c = 0; c < centroids.Length / dimension; c++)
        {
            int step = (c % 4) switch { 0 => 0, 1 => 20, _ => 1 };
            for (int times = 0; times < 3; times++)
                moved[c * dimension + random.Next(dimension)] += step * (random.Next(3) - 1);
        }

        if (centroids.Length >= 4 * dimension)
            moved.AsSpan(3 * dimension, dimension).CopyTo(moved.AsSpan(dimension));
        return moved;
    }
}
