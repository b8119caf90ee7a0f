using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class MatrixMultiplyTests
{
    public static TheoryData<int, int, int> Extents() => new()
    {
        { 1, 1, 1 }, { 3, 5, 7 }, { 12, 32, 64 }, { 13, 33, 65 }, { 250, 17, 3 }, { 2, 300, 40 }, { 401, 9, 100 },
    };

    [Theory]
    [MemberData(nameof(Extents))]
    public void All_four_products_are_those_of_whole_numbers_on_any_number_of_threads(int m, int k, int n)
    {
        float[] a = Integers(m * k, 1), b = Integers(k * n, 2);
        float[] expected = Product(a, b, m, k, n);
        foreach (bool transposeA in (bool[])[false, true])
        {
            foreach (bool transposeB in (bool[])[false, true])
            {
                foreach (int threads in (int[])[1, 3])
                {
                    var c = new float[m * n];
                    MatrixMultiply.Run(transposeA ? Transposed(a, m, k) : a, transposeA, transposeB ? Transposed(b, k, n) : b, transposeB, c, m, k, n, threads);
                    Assert.Equal(expected, c);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Extents))]
    public void The_repeatable_product_adds_to_what_is_there(int m, int k, int n)
    {
        float[] a = Integers(m * k, 1), b = Integers(k * n, 2), c = Integers(m * n, 3), start = [.. c];
        MatrixMultiply.AddRepeatably(a, b, c, m, k, n);
        Assert.Equal(Product(a, b, m, k, n).Zip(start, (product, before) => product + before), c);
    }

    [Fact]
    public void The_repeatable_product_rounds_every_product_and_sum_in_order()
    {
        var random = new Random(5);
        const int K = 50, N = 37;
        float[] a = [.. Enumerable.Range(0, K).Select(_ => random.NextSingle() - 0.5f)], b = [.. Enumerable.Range(0, K * N).Select(_ => random.NextSingle() - 0.5f)];
        var c = new float[N];
        MatrixMultiply.AddRepeatably(a, b, c, 1, K, N);
        for (int column = 0; column < N; column++)
        {
            float sum = 0;
            for (int term = 0; term < K; term++)
            {
                // In two steps: what is stored in between is rounded.
                float product = a[term] * b[term * N + column];
                sum = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(sum + product));
            }

            Assert.Equal(sum, c[column]);
        }
    }

    [Fact]
    public void Extents_that_do_not_fit_are_refused_by_name()
    {
        Assert.Throws<ArgumentException>("a", () => MatrixMultiply.Run(new float[5], false, new float[6], false, new float[4], 2, 3, 2));
        Assert.Throws<ArgumentException>("b", () => MatrixMultiply.Run(new float[6], false, new float[5], false, new float[4], 2, 3, 2));
        Assert.Throws<ArgumentException>("c", () => MatrixMultiply.Run(new float[6], false, new float[6], false, new float[3], 2, 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixMultiply.Run(Array.Empty<float>(), false, Array.Empty<float>(), false, Array.Empty<float>(), 0, 3, 2));
    }

    private static float[] Product(float[] a, float[] b, int m, int k, int n)
    {
        var c = new float[m * n];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                for (int term = 0; term < k; term++)
                    c[i * n + j] += a[i * k + term] * b[term * n + j];
        return c;
    }

    private static float[] Transposed(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, columns).SelectMany(column => Enumerable.Range(0, rows).Select(row => values[row * columns + column]))];

    /// <summary>Small whole numbers, whose sums are exact in any order.</summary>
    private static float[] Integers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];
    }
}
