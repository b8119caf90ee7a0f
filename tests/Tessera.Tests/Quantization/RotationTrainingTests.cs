using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class RotationTrainingTests
{
    private static readonly RotationOptions Options = new() { Subquantizers = 4, Bits = 4, Iterations = 10 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Variance_that_sits_in_one_part_is_dealt_out_and_codes_have_far_less_error()
    {
        // The first four numbers vary ten times as much as the others: without a rotation one part has nearly all of it.
        float[] values = TestVectors.Normals(3000 * 16, 1);
        for (int i = 0; i < values.Length; i++)
            values[i] *= i % 16 < 4 ? 10 : 1;
        var vectors = new Matrix(values, 16);

        Rotation trained = Rotation.Train(vectors, Options, cancellationToken: Cancellation);

        Assert.True(Error(trained, vectors, Options) < 0.4 * Error(null, vectors, Options));
        Assert.True(Error(trained, vectors, Options) < 0.95 * Error(Rotation.Random(16), vectors, Options));
    }

    [Fact]
    public void Parts_that_are_hidden_by_a_rotation_are_found_again()
    {
        // Each part takes one of 16 values, which a codebook of 16 holds without error.
        float[] entries = TestVectors.Normals(4 * 16 * 4, 5), values = new float[4000 * 16];
        var random = new SeededRandom(9);
        for (int i = 0; i < 4000 * 4; i++)
            entries.AsSpan((i % 4 * 16 + random.Next(16)) * 4, 4).CopyTo(values.AsSpan(i * 4));
        Matrix hidden = Rotation.Random(16, seed: 1).Apply(new Matrix(values, 16));

        Rotation trained = Rotation.Train(hidden, Options with { Iterations = 60 }, cancellationToken: Cancellation);

        Assert.True(Error(trained, hidden, Options) < 0.6 * Error(null, hidden, Options));
    }

    [Fact]
    public void Parts_that_suit_the_data_as_they_are_stay_no_worse()
    {
        float[] entries = TestVectors.Normals(4 * 16 * 4, 5), values = new float[4000 * 16];
        var random = new SeededRandom(9);
        for (int i = 0; i < 4000 * 4; i++)
            entries.AsSpan((i % 4 * 16 + random.Next(16)) * 4, 4).CopyTo(values.AsSpan(i * 4));
        var vectors = new Matrix(values, 16);

        Rotation trained = Rotation.Train(vectors, Options, cancellationToken: Cancellation);

        Assert.True(Error(trained, vectors, Options) <= 1.05 * Error(null, vectors, Options) + 1e-3);
    }

    [Fact]
    public void Fewer_outputs_keep_the_directions_in_which_vectors_are_longest()
    {
        Matrix vectors = TestVectors.LowRank(2000, 40, 8, 0.01f, 1);

        Rotation trained = Rotation.Train(vectors, Options with { Outputs = 8 }, cancellationToken: Cancellation);
        Matrix back = trained.Reverse(trained.Apply(vectors));

        Assert.Equal((40, 8), (trained.Dimension, trained.Outputs));
        double lost = 0, all = 0;
        for (int i = 0; i < vectors.Rows; i++)
            (lost, all) = (lost + Scalar.SquaredL2(vectors[i], back[i]), all + Scalar.Dot(vectors[i], vectors[i]));
        // The noise of 32 directions is lost, and no more.
        Assert.InRange(lost / vectors.Rows, 0, 1.1 * 32 * 0.01 * 0.01);
        Assert.True(all > 1000 * lost);
    }

    [Fact]
    public void More_outputs_make_room_for_parts_that_do_not_divide_the_dimension()
    {
        Matrix vectors = TestVectors.Planted(20, 100, 13, 0.3f, 1);

        Rotation trained = Rotation.Train(vectors, Options with { Outputs = 16 }, cancellationToken: Cancellation);

        Assert.Equal((13, 16), (trained.Dimension, trained.Outputs));
        for (int i = 0; i < 50; i++)
            Assert.Equal(Scalar.Dot(vectors[i], vectors[i + 1]), Scalar.Dot(trained.Apply(vectors)[i], trained.Apply(vectors)[i + 1]), 1e-3);
    }

    [Fact]
    public void Data_of_few_directions_and_of_none_still_give_a_rotation()
    {
        Matrix flat = TestVectors.LowRank(500, 16, 3, 0, 1), same = new(Enumerable.Repeat(2f, 16 * 100).ToArray(), 16);

        Assert.True(Error(Rotation.Train(flat, Options, cancellationToken: Cancellation), flat, Options) <= Error(null, flat, Options));
        Assert.Equal(16, Rotation.Train(same, Options, cancellationToken: Cancellation).Outputs);
    }

    [Fact]
    public void Dimensions_of_very_unlike_size_still_give_a_rotation()
    {
        float[] values = TestVectors.Normals(600 * 64, 1);
        for (int i = 0; i < values.Length; i++)
            values[i] *= MathF.Pow(10, i % 64 % 8);
        var vectors = new Matrix(values, 64);

        Rotation trained = Rotation.Train(vectors, Options, cancellationToken: Cancellation);

        Assert.True(Error(trained, vectors, Options) <= 1.01 * Error(null, vectors, Options));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_whatever_the_number_of_threads()
    {
        Matrix vectors = TestVectors.Planted(20, 150, 16, 0.5f, 1);

        Rotation one = Rotation.Train(vectors, Options with { Threads = 1 }, cancellationToken: Cancellation), three = Rotation.Train(vectors, Options with { Threads = 3 }, cancellationToken: Cancellation);

        Assert.Equal(one.Matrix.Span, three.Matrix.Span);
    }

    [Fact]
    public void Training_reports_each_iteration_and_stops_when_cancelled()
    {
        Matrix vectors = TestVectors.Planted(20, 150, 16, 0.5f, 1);
        var seen = new List<TrainingProgress>();
        using var source = new CancellationTokenSource();
        var progress = new ImmediateProgress<TrainingProgress>(report =>
        {
            seen.Add(report);
            if (report.Done == 2)
                source.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => Rotation.Train(vectors, Options, progress, source.Token));

        Assert.Equal([new TrainingProgress("rotation", 1, 10), new TrainingProgress("rotation", 2, 10)], seen);
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused()
    {
        Matrix vectors = TestVectors.Normal(100, 16, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Rotation.Train(vectors, Options with { Subquantizers = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rotation.Train(vectors, Options with { Outputs = 10 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rotation.Train(vectors, Options with { Iterations = 0 }));
        Assert.Throws<ArgumentException>(() => Rotation.Train(vectors, Options with { Bits = 8 }));
    }

    private static double Error(Rotation? rotation, Matrix vectors, RotationOptions options)
    {
        Matrix rotated = rotation is null ? vectors : rotation.Apply(vectors);
        var quantizer = new ProductQuantizer(rotated.Dimension, options.Subquantizers, options.Bits);
        quantizer.Train(rotated);
        var codes = new byte[vectors.Rows * quantizer.CodeSize];
        quantizer.Encode(rotated, codes);
        var decoded = new float[rotated.Span.Length];
        quantizer.Decode(codes, decoded);
        double error = 0;
        for (int i = 0; i < vectors.Rows; i++)
            error += Scalar.SquaredL2(rotated[i], decoded.AsSpan(i * rotated.Dimension, rotated.Dimension));
        return error / vectors.Rows;
    }
}
