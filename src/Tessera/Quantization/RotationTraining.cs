using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>
/// Optimised product quantisation (Ge, He, Ke and Sun, 2013). The start is the principal directions, dealt out so that the
/// product of the variances is about the same in every part, or no rotation where that codes with less error, as for images
/// whose neighbouring pixels go together. Then, in turn, rotated vectors are coded, codebooks become the means of what they
/// code, and the rotation becomes the one that brings the vectors nearest to their codes. No step raises the error.
/// </summary>
internal sealed class RotationTraining(Matrix sample, RotationOptions options, IProgress<TrainingProgress>? progress)
{
    /// <summary>Rows coded at a time.</summary>
    private const int Block = 1024;

    /// <summary>Rows that starts are compared on.</summary>
    private const int Trial = 16384;

    /// <summary>Iterations of the first codebooks.</summary>
    private const int FirstIterations = 10;

    /// <summary>Training ends when this many rounds together lower the error by less than <see cref="LeastGain"/> of it.</summary>
    private const int Rounds = 5;
    private const double LeastGain = 1e-3;

    /// <summary>How much of the largest rotation the one before is worth: it settles what data of too few directions leave open.</summary>
    private const double Inertia = 1e-3;

    private readonly int _outputs = options.Outputs == 0 ? sample.Dimension : options.Outputs;

    public Rotation Run(CancellationToken cancellationToken)
    {
        Matrix rows = Sampled();
        Rotation? shorter = _outputs < sample.Dimension ? Longest(rows, _outputs, options.Threads, cancellationToken) : null;
        float[] rotation = Optimised(Centred(shorter is null ? Padded(rows) : shorter.Apply(rows, options.Threads, cancellationToken)), cancellationToken);
        if (shorter is not null)
            return new Rotation(shorter.Reverse(new Matrix(rotation, _outputs), options.Threads, cancellationToken));
        var matrix = new float[_outputs * sample.Dimension];
        for (int i = 0; i < _outputs; i++)
            rotation.AsSpan(i * _outputs, sample.Dimension).CopyTo(matrix.AsSpan(i * sample.Dimension));
        return new Rotation(new Matrix(matrix, sample.Dimension));
    }

    private Matrix Sampled()
    {
        long most = (long)options.MaxPointsPerCentroid << options.Bits;
        if (most == 0 || sample.Rows <= most)
            return sample;
        return sample.Select(new SeededRandom(options.Seed, 0x09B0).Sample((int)most, sample.Rows));
    }

    /// <summary>The directions in which vectors are longest: what decodes without them is nearest to the vectors.</summary>
    public static Rotation Longest(Matrix rows, int outputs, int threads, CancellationToken cancellationToken)
    {
        double[] vectors = SymmetricEigen.Solve(OuterProducts.Sum(rows, rows, threads, cancellationToken), rows.Dimension).Vectors;
        return new Rotation(new Matrix(Array.ConvertAll(vectors[..(outputs * rows.Dimension)], x => (float)x), rows.Dimension));
    }

    private Matrix Padded(Matrix rows)
    {
        if (_outputs == rows.Dimension)
            return rows;
        var padded = new float[(long)rows.Rows * _outputs];
        for (int i = 0; i < rows.Rows; i++)
            rows[i].CopyTo(padded.AsSpan(i * _outputs));
        return new Matrix(padded, _outputs);
    }

    private static Matrix Centred(Matrix rows)
    {
        int dimension = rows.Dimension;
        var sums = new double[dimension];
        for (int i = 0; i < rows.Rows; i++)
            Accumulate.Add(sums, rows[i]);
        float[] means = Array.ConvertAll(sums, sum => (float)(sum / rows.Rows)), centred = rows.Values.ToArray();
        for (int i = 0; i < rows.Rows; i++)
            Accumulate.AddScaled(centred.AsSpan(i * dimension, dimension), -1, means);
        return new Matrix(centred, dimension);
    }

    private float[] Optimised(Matrix vectors, CancellationToken cancellationToken)
    {
        float[] rotation = Start(vectors, cancellationToken);
        var rotated = new float[vectors.Rows * _outputs];
        var codes = new ushort[vectors.Rows * options.Subquantizers];
        var polar = new PolarFactor(_outputs, options.Threads, cancellationToken);
        new Rotation(new Matrix(rotation, _outputs)).Apply(vectors, rotated, options.Threads, cancellationToken);
        ProductQuantizer quantizer = Codebooks(rotated, cancellationToken);
        var errors = new List<double>();
        for (int iteration = 0; ; iteration++)
        {
            Encode(quantizer, rotated, codes, cancellationToken);
            Average(quantizer, rotated, codes, cancellationToken);
            errors.Add(Decode(quantizer, rotated, codes, cancellationToken));
            progress?.Report(new TrainingProgress("rotation", iteration + 1, options.Iterations));
            Turn(rotation, OuterProducts.Sum(new Matrix(rotated, _outputs), vectors, options.Threads, cancellationToken), polar);
            if (iteration + 1 >= options.Iterations || (iteration >= Rounds && errors[^(Rounds + 1)] - errors[^1] <= LeastGain * errors[^1]))
                return rotation;
            new Rotation(new Matrix(rotation, _outputs)).Apply(vectors, rotated, options.Threads, cancellationToken);
        }
    }

    private float[] Start(Matrix vectors, CancellationToken cancellationToken)
    {
        float[] dealt = Dealt(vectors, cancellationToken);
        if (_outputs < sample.Dimension)
            return dealt;
        var unit = new float[_outputs * _outputs];
        for (int i = 0; i < _outputs; i++)
            unit[i * _outputs + i] = 1;
        Matrix some = vectors.Rows <= Trial ? vectors : vectors.Select(new SeededRandom(options.Seed, 0x7121).Sample(Trial, vectors.Rows));
        return Error(some, unit, cancellationToken) < Error(some, dealt, cancellationToken) ? unit : dealt;
    }

    /// <summary>The error of product codes after a rotation, about.</summary>
    private double Error(Matrix vectors, float[] rotation, CancellationToken cancellationToken)
    {
        var rotated = new float[vectors.Rows * _outputs];
        var codes = new ushort[vectors.Rows * options.Subquantizers];
        new Rotation(new Matrix(rotation, _outputs)).Apply(vectors, rotated, options.Threads, cancellationToken);
        ProductQuantizer quantizer = Codebooks(rotated, cancellationToken);
        Encode(quantizer, rotated, codes, cancellationToken);
        return Decode(quantizer, rotated, codes, cancellationToken);
    }

    private ProductQuantizer Codebooks(float[] rotated, CancellationToken cancellationToken)
    {
        var quantizer = new ProductQuantizer(_outputs, options.Subquantizers, options.Bits);
        var settings = new BuildOptions { Seed = options.Seed, Threads = options.Threads, MaxPointsPerCentroid = 0, CodebookIterations = FirstIterations };
        quantizer.Train(new Matrix(rotated, _outputs), settings, null, cancellationToken);
        return quantizer;
    }

    /// <summary>The principal directions, the largest first, each into the part with room whose variances have the least product so far.</summary>
    private float[] Dealt(Matrix vectors, CancellationToken cancellationToken)
    {
        (double[] variances, double[] directions) = SymmetricEigen.Solve(OuterProducts.Sum(vectors, vectors, options.Threads, cancellationToken), _outputs);
        int parts = options.Subquantizers, room = _outputs / parts;
        var rotation = new float[_outputs * _outputs];
        var logs = new double[parts];
        var filled = new int[parts];
        for (int i = 0; i < _outputs; i++)
        {
            int part = Enumerable.Range(0, parts).Where(p => filled[p] < room).MinBy(p => logs[p]);
            for (int j = 0; j < _outputs; j++)
                rotation[(part * room + filled[part]) * _outputs + j] = (float)directions[i * _outputs + j];
            // Variances count from the largest, so that each adds to the sum; what is next to none adds no more.
            logs[part] += Math.Log(Math.Max(variances[i] / variances[0], 1e-10)) - Math.Log(1e-10);
            filled[part]++;
        }

        return rotation;
    }

    private void Encode(ProductQuantizer quantizer, float[] rotated, ushort[] codes, CancellationToken cancellationToken)
    {
        int rows = rotated.Length / _outputs, parts = options.Subquantizers;
        var scratch = new EncodeScratch?[Workers.Count(options.Threads)];
        Workers.For((rows + Block - 1) / Block, options.Threads, (block, worker) =>
        {
            int start = block * Block, count = Math.Min(Block, rows - start);
            quantizer.EncodeNumbers(rotated.AsSpan(start * _outputs, count * _outputs), count, codes.AsSpan(start * parts, count * parts), scratch[worker] ??= new EncodeScratch(Block));
        }, cancellationToken);
        foreach (EncodeScratch? used in scratch)
            used?.Dispose();
    }

    /// <summary>Makes every entry of the codebooks the mean of what it codes; one that codes nothing stays.</summary>
    private void Average(ProductQuantizer quantizer, float[] rotated, ushort[] codes, CancellationToken cancellationToken)
    {
        int parts = options.Subquantizers, sub = quantizer.SubDimension, entries = quantizer.Centroids;
        float[] codebooks = quantizer.Codebooks.Values.ToArray();
        Workers.For(parts, options.Threads, (part, _) =>
        {
            var sums = new double[entries * sub];
            var sizes = new int[entries];
            for (int i = 0; i < rotated.Length / _outputs; i++)
            {
                int entry = codes[i * parts + part];
                sizes[entry]++;
                Accumulate.Add(sums.AsSpan(entry * sub, sub), rotated.AsSpan(i * _outputs + part * sub, sub));
            }

            for (int i = 0; i < sums.Length; i++)
            {
                if (sizes[i / sub] > 0)
                    codebooks[part * entries * sub + i] = (float)(sums[i] / sizes[i / sub]);
            }
        }, cancellationToken);
        quantizer.SetCodebooks(codebooks);
    }

    /// <summary>Replaces rotated vectors by what their codes stand for.</summary>
    /// <returns>The sum of the squared errors.</returns>
    private double Decode(ProductQuantizer quantizer, float[] rotated, ushort[] codes, CancellationToken cancellationToken)
    {
        int rows = rotated.Length / _outputs, parts = options.Subquantizers;
        var errors = new double[(rows + Block - 1) / Block];
        Workers.For(errors.Length, options.Threads, (block, _) =>
        {
            var decoded = new float[_outputs];
            for (int i = block * Block; i < Math.Min(rows, (block + 1) * Block); i++)
            {
                Span<float> vector = rotated.AsSpan(i * _outputs, _outputs);
                quantizer.DecodeNumbers(codes.AsSpan(i * parts, parts), decoded);
                errors[block] += Distance.SquaredL2(vector, decoded);
                decoded.CopyTo(vector);
            }
        }, cancellationToken);
        return errors.Sum();
    }

    /// <summary>The rotation that brings vectors nearest to their codes, from the sum of the outer products of codes with vectors (Procrustes).</summary>
    private void Turn(float[] rotation, double[] products, PolarFactor polar)
    {
        double size = Math.Sqrt(products.Sum(x => x * x) / _outputs);
        if (!(size > 0))
            return;
        for (int i = 0; i < rotation.Length; i++)
            rotation[i] = (float)(products[i] / size + Inertia * rotation[i]);
        polar.Orthonormalise(rotation);
    }
}
