using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class SketchTests
{
    public static TheoryData<string> Kinds() => ["low rank", "flat", "rank 3", "duplicates", "zeros", "far from the origin"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sketches_are_never_further_apart_than_their_vectors(string kind)
    {
        Matrix vectors = Vectors(kind);
        float[][] sketches = Sketches(vectors);

        for (int i = 0; i < vectors.Rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double whole = BruteForce.Distance(vectors[i], vectors[j]), sketched = BruteForce.Distance(sketches[i], sketches[j]);
                double norms = BruteForce.Distance(vectors[i], new float[vectors.Dimension]) + BruteForce.Distance(vectors[j], new float[vectors.Dimension]);
                Assert.True(sketched <= whole + 1e-5 * norms, $"{sketched} > {whole} between {i} and {j}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sketches_are_as_long_as_their_vectors(string kind)
    {
        Matrix vectors = Vectors(kind);
        float[][] sketches = Sketches(vectors);

        for (int i = 0; i < vectors.Rows; i++)
        {
            double norm = BruteForce.Distance(vectors[i], new float[vectors.Dimension]);
            Assert.Equal(norm, BruteForce.Distance(sketches[i], new float[sketches[i].Length]), 1e-5 * norm);
        }
    }

    [Fact]
    public void Where_few_directions_vary_the_sketches_keep_the_distances()
    {
        Matrix vectors = TestVectors.LowRank(200, 300, 10, 0.001f, 1);
        float[][] sketches = Sketches(vectors);

        for (int i = 1; i < vectors.Rows; i++)
        {
            double whole = BruteForce.Distance(vectors[i], vectors[i - 1]);
            Assert.InRange(BruteForce.Distance(sketches[i], sketches[i - 1]), 0.999 * whole, 1.001 * whole);
        }
    }

    [Fact]
    public void The_sketches_of_a_left_operand_are_those_of_the_right_one()
    {
        Matrix vectors = TestVectors.LowRank(100, 150, 10, 0.2f, 1);
        using var sketched = SketchedVectors.Create(vectors, 42, 2, default);
        using Panels left = Panels.Left();
        var norms = new float[100];
        Distance.SquaredNorms(vectors.Span, 150, norms);

        sketched.PackLeft(vectors, norms, left);

        Assert.Equal(norms, sketched.Norms.AsSpan(0, 100).ToArray());
        for (int i = 0; i < 100; i++)
            Assert.Equal(Unpacked(sketched.Panels, i), Unpacked(left, i));
    }

    [Fact]
    public void Short_vectors_stand_for_themselves()
    {
        Matrix vectors = TestVectors.Normal(70, 20, 1);

        using var sketched = SketchedVectors.Create(vectors, 42, 1, default);

        Assert.Equal(20, sketched.Length);
        for (int i = 0; i < 70; i++)
            Assert.Equal(vectors[i].ToArray(), Unpacked(sketched.Panels, i));
    }

    private static Matrix Vectors(string kind)
    {
        const int Rows = 150, Dimension = 200;
        switch (kind)
        {
            case "low rank": return TestVectors.LowRank(Rows, Dimension, 20, 0.2f, 1);
            case "flat": return TestVectors.Normal(Rows, Dimension, 1);
            case "rank 3": return TestVectors.LowRank(Rows, Dimension, 3, 0, 1);
            case "duplicates": return TestVectors.Normal(4, Dimension, 1).Select([.. Enumerable.Range(0, Rows).Select(i => i % 4)]);
            case "zeros": return new Matrix(new float[Rows * Dimension], Dimension);
            default: return new Matrix(Array.ConvertAll(TestVectors.Normals(Rows * Dimension, 1), x => x + 100), Dimension);
        }
    }

    private static float[][] Sketches(Matrix vectors)
    {
        using var sketched = SketchedVectors.Create(vectors, 42, 1, default);
        return [.. Enumerable.Range(0, vectors.Rows).Select(i => Unpacked(sketched.Panels, i))];
    }

    private static float[] Unpacked(Panels panels, int vector)
    {
        ReadOnlySpan<float> panel = panels.PanelSpan(vector / panels.Width);
        var numbers = new float[panels.Depth];
        for (int j = 0; j < numbers.Length; j++)
            numbers[j] = panel[j * panels.Width + vector % panels.Width];
        return numbers;
    }
}
