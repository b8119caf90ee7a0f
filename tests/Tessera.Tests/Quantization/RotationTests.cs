using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class RotationTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 40)]
    [InlineData(100, 64)]
    [InlineData(100, 112)]
    public void A_random_rotation_is_orthonormal_along_its_shorter_side(int dimension, int outputs)
    {
        Rotation rotation = Rotation.Random(dimension, outputs, seed: 3);

        Assert.Equal((dimension, outputs), (rotation.Dimension, rotation.Outputs));
        for (int i = 0; i < Math.Min(dimension, outputs); i++)
        {
            for (int j = 0; j < Math.Min(dimension, outputs); j++)
                Assert.Equal(i == j ? 1 : 0, outputs <= dimension ? Scalar.Dot(rotation.Matrix[i], rotation.Matrix[j]) : Columns(rotation, i, j), 1e-5);
        }
    }

    [Theory]
    [InlineData(37, 37)]
    [InlineData(37, 48)]
    public void Lengths_and_products_stay_and_the_way_back_gives_the_vectors(int dimension, int outputs)
    {
        Rotation rotation = Rotation.Random(dimension, outputs);
        Matrix vectors = TestVectors.Normal(300, dimension, 1), rotated = rotation.Apply(vectors), back = rotation.Reverse(rotated);

        for (int i = 0; i < vectors.Rows; i++)
        {
            Assert.Equal(Scalar.Dot(vectors[i], vectors[0]), Scalar.Dot(rotated[i], rotated[0]), 1e-4);
            Assert.Equal(0, Scalar.SquaredL2(vectors[i], back[i]), 1e-8);
        }
    }

    [Theory]
    [InlineData(37, 24)]
    [InlineData(100, 100)]
    [InlineData(5, 64)]
    public void One_vector_has_the_bits_that_it_has_among_many_whatever_the_number_of_threads(int dimension, int outputs)
    {
        Rotation rotation = Rotation.Random(dimension, outputs);
        Matrix vectors = TestVectors.Normal(1001, dimension, 1), rotated = rotation.Apply(vectors, threads: 1), back = rotation.Reverse(rotated, threads: 1);
        Assert.Equal(rotated.Span, rotation.Apply(vectors, threads: 3).Span);
        Assert.Equal(rotated.Slice(7, 1).Span, rotation.Apply(vectors.Slice(7, 1)).Span);

        float[] one = new float[outputs], oneBack = new float[dimension];
        for (int i = 0; i < vectors.Rows; i += 111)
        {
            rotation.Apply(vectors[i], one);
            rotation.Reverse(one, oneBack);
            Assert.Equal(rotated[i].ToArray(), one);
            Assert.Equal(back[i].ToArray(), oneBack);
        }
    }

    [Fact]
    public void Rotating_one_vector_allocates_nothing()
    {
        Rotation rotation = Rotation.Random(48);
        float[] vector = TestVectors.Normals(48, 1), rotated = new float[48];
        rotation.Apply(vector, rotated);
        rotation.Reverse(rotated, vector);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            rotation.Apply(vector, rotated);
            rotation.Reverse(rotated, vector);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_rotation_is_its_matrix()
    {
        Rotation rotation = Rotation.Random(20, 12), again = new(new Matrix(rotation.Matrix.Values.ToArray(), 20));
        Matrix vectors = TestVectors.Normal(10, 20, 1);

        Assert.Equal(rotation.Apply(vectors).Span, again.Apply(vectors).Span);
        Assert.Equal(Rotation.Random(20, 12).Matrix.Span, rotation.Matrix.Span);
        Assert.NotEqual(Rotation.Random(20, 12, seed: 43).Matrix.Span.ToArray(), rotation.Matrix.Span.ToArray());
    }

    [Fact]
    public void A_matrix_that_is_no_rotation_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Rotation(new Matrix(new float[] { 1, 0, 0, 1.01f }, 2)));
        Assert.Throws<ArgumentException>(() => new Rotation(new Matrix(new float[] { 1, 0, 1, 0 }, 2)));
        Assert.Throws<ArgumentException>(() => new Rotation(new Matrix(new float[] { 1, 0, float.NaN, 1 }, 2)));
        Assert.Throws<ArgumentException>(() => new Rotation(new Matrix(new float[] { 1, 1, 1 }, 1)));
        Assert.Throws<ArgumentException>(() => new Rotation(new Matrix(ReadOnlyMemory<float>.Empty, 1)));
        Assert.Throws<ArgumentException>(() => Rotation.Random(3).Apply(new Matrix(new float[4], 2)));
        Assert.Throws<ArgumentException>(() => Rotation.Random(3).Apply(new float[3], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rotation.Random(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rotation.Random(3, -1));
    }

    private static double Columns(Rotation rotation, int i, int j) =>
        Enumerable.Range(0, rotation.Outputs).Sum(row => (double)rotation.Matrix[row][i] * rotation.Matrix[row][j]);
}
