using System.Diagnostics;
using System.Numerics;
using Tessera.Cli.Rendering;
using Tessera.CodeMap;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Cli.Demo;

/// <summary>The same vectors in an exact and in a coded index, measured on the spot.</summary>
/// <param name="Dimension">Numbers in each vector.</param>
/// <param name="RawBytes">Bytes of a vector as float32.</param>
/// <param name="Queries">Names of entities that were searched for.</param>
/// <param name="BuildSeconds">Training and filling the coded index; null where there is none.</param>
/// <param name="Rows">The exact index first, then the coded one at several settings.</param>
/// <param name="Notes">What should be known of the figures.</param>
internal sealed record IndexComparison(
    int Dimension, int RawBytes, int Queries, double? BuildSeconds, IReadOnlyList<IndexFigures> Rows, IReadOnlyList<string> Notes)
{
    private const int MostQueries = 500;
    private const int NumbersInCode = 8;

    // Below this a codebook of 256 entries has few vectors to learn from, and there is nothing to save.
    private const int FewestForCodes = 1000;

    // Twice what the codebooks ask for; more makes the demo slower and the codes hardly better.
    private const int MostForTraining = 20_000;

    private static readonly EvaluationOptions Measuring = new() { Passes = 3, WarmUp = TimeSpan.FromMilliseconds(200) };

    /// <summary>Builds the indexes and searches them for the names of entities.</summary>
    public static IndexComparison Measure(
        CodeMapSnapshot map, ulong seed, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        Matrix vectors = map.Vectors;
        Matrix queries = NamesOf(map);
        if (queries.Rows == 0)
            return new IndexComparison(vectors.Dimension, map.Index.Memory.RawBytesPerVector, 0, null, [], ["No name in this code says anything; there is nothing to search for."]);
        GroundTruth truth = Exact(map.Index, queries, threads, cancellationToken);
        List<IndexFigures> rows = [MeasureOne(map.Index, queries, truth, 1, cancellationToken)];
        if (vectors.Rows < FewestForCodes)
        {
            string note = $"{vectors.Rows} vectors are too few for codes to save anything; from {FewestForCodes} on an IVF-PQ index is measured beside the exact one.";
            return new IndexComparison(vectors.Dimension, map.Index.Memory.RawBytesPerVector, queries.Rows, null, rows, [note]);
        }

        // About the square root of the vectors, as for the layers.
        int lists = (int)BitOperations.RoundUpToPowerOf2((uint)(Math.Sqrt(vectors.Rows) / Math.Sqrt(2)));
        using VectorIndex coded = IndexFactory.Create($"IVF{lists},PQ{vectors.Dimension / NumbersInCode}", vectors.Dimension, Metric.InnerProduct);
        var building = new BuildOptions { Seed = seed, Threads = threads };
        long start = Stopwatch.GetTimestamp();
        TrainingReport training = coded.Train(TrainingSample(vectors), building, progress, cancellationToken);
        coded.Add(vectors, options: building, progress: progress, cancellationToken: cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (int probes in (int[])[1, lists / 8, lists / 2])
            rows.Add(MeasureOne(coded, queries, truth, probes, cancellationToken));
        return new IndexComparison(
            vectors.Dimension, coded.Memory.RawBytesPerVector, queries.Rows, Figures.Significant(seconds, 4), rows, training.Warnings);
    }

    private static IndexFigures MeasureOne(VectorIndex index, Matrix queries, GroundTruth truth, int probes, CancellationToken cancellationToken)
    {
        Evaluation measured = new IndexEvaluation(index, queries, truth, Measuring).Measure(probes, cancellationToken);
        return new IndexFigures(
            index.Specification,
            probes,
            index.Lists,
            index.Memory.CodeBytesPerVector,
            Figures.Significant(index.Memory.MeasuredBytesPerVector, 6),
            Math.Round(measured.Recall, 4),
            Figures.Significant(measured.QueriesPerSecond, 4));
    }

    private static GroundTruth Exact(VectorIndex index, Matrix queries, int threads, CancellationToken cancellationToken)
    {
        var answers = new Neighbor[queries.Rows * Measuring.K];
        index.Search(queries, Measuring.K, answers, new SearchOptions { Threads = threads }, cancellationToken);
        return new GroundTruth(Array.ConvertAll(answers, answer => answer.Id), Measuring.K);
    }

    // What somebody would type: names, spread over the whole tree.
    private static Matrix NamesOf(CodeMapSnapshot map)
    {
        int dimension = map.Vectors.Dimension;
        int count = Math.Min(MostQueries, map.Entities.Count);
        var values = new float[count * dimension];
        int rows = 0;
        for (int i = 0; i < count; i++)
        {
            string name = map.Entities[(int)((long)i * map.Entities.Count / count)].DisplayName;
            if (map.Embed(name, values.AsSpan(rows * dimension, dimension)))
                rows++;
        }

        return new Matrix(values.AsMemory(0, rows * dimension), dimension);
    }

    // The rows are in the order of the paths, so that every so-manieth is a fair sample.
    private static Matrix TrainingSample(Matrix vectors)
    {
        if (vectors.Rows <= MostForTraining)
            return vectors;
        return vectors.Select([.. Enumerable.Range(0, MostForTraining).Select(i => (int)((long)i * vectors.Rows / MostForTraining))]);
    }
}
