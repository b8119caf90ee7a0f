using System.Diagnostics;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Search;

/// <summary>
/// Chooses a specification for some vectors: the fastest search that reaches a recall within a memory. Tries all candidates
/// on a subset first, then the most promising on all vectors, each with the cheapest setting that reaches the recall. The
/// training set grows until the error stops falling. Takes minutes: indexes are really built and searched.
/// </summary>
public static class SpecificationTuner
{
    /// <summary>The first training set, as a part of what the index would make use of.</summary>
    private const int FirstPart = 8;

    /// <summary>A larger training set is worth its time while it takes away at least this part of the error.</summary>
    private const double LeastGain = 0.05;

    /// <summary>What is reckoned to take so many times the memory is not measured: the reckoning is not that far off.</summary>
    private const double Beyond = 1.25;

    /// <summary>Finds a specification.</summary>
    /// <param name="vectors">The vectors to index, or a sample of them.</param>
    /// <param name="queries">Queries like those that will be asked, not among the vectors; some hundreds.</param>
    /// <param name="recall">The k-recall@k to reach, above 0 and at most 1.</param>
    /// <param name="options">Memory, metric and how to measure; null for the defaults.</param>
    /// <param name="progress">Told of each trial.</param>
    /// <param name="cancellationToken">Stops within a step of the trial under way.</param>
    /// <exception cref="ArgumentException">Vectors and queries have different dimensions, there are fewer vectors than k, or a number is out of range.</exception>
    public static SpecificationTuning Tune(
        Matrix vectors, Matrix queries, double recall, SpecificationTuningOptions? options = null, IProgress<SpecificationTrial>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(queries);
        options ??= SpecificationTuningOptions.Default;
        options.Validate();
        if (!(recall is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(recall), recall, "The target is a recall above 0 and at most 1, such as 0.9.");
        VectorChecks.RequireDimension(queries.Dimension, vectors.Dimension, nameof(queries));
        if (vectors.Rows < options.Evaluation.K)
            throw new ArgumentException($"{vectors.Rows} vectors are fewer than the {options.Evaluation.K} neighbours of each query.", nameof(vectors));

        var trials = new List<SpecificationTrial>();
        bool whole = vectors.Rows <= options.Subset;
        Matrix subset = whole ? vectors : vectors.Select(new SeededRandom(options.Build.Seed, 0x7E5).Sample(options.Subset, vectors.Rows));
        var onSubset = new Arena(subset, vectors.Rows, queries, recall, options, cancellationToken);
        var candidates = new List<(Func<int, string> Specify, SpecificationTrial Trial)>();
        foreach (Func<int, string> specify in SpecificationCandidates.For(vectors.Dimension))
        {
            if (onSubset.Try(specify) is not { } trial)
                continue;
            Report(trial);
            candidates.Add((specify, trial));
        }

        if (!whole)
        {
            var onAll = new Arena(vectors, vectors.Rows, queries, recall, options, cancellationToken);
            int tried = 0;
            foreach ((Func<int, string> specify, SpecificationTrial _) in candidates.OrderBy(candidate => candidate.Trial, Comparer<SpecificationTrial>.Create(Compare)))
            {
                // Further ones only as long as none has reached the recall.
                if (tried >= options.Finalists && (tried >= 2 * options.Finalists || trials.Exists(trial => trial.Vectors == vectors.Rows && trial is { Reached: true, Fits: true })))
                    break;
                if (onAll.Try(specify) is { } trial)
                    Report(trial);
                tried++;
            }
        }

        SpecificationTrial? best = trials.Where(trial => trial.Vectors == vectors.Rows && trial.Fits).Order(Comparer<SpecificationTrial>.Create(Compare)).FirstOrDefault();
        return new SpecificationTuning(best?.Reached ?? false, best, trials);

        void Report(SpecificationTrial trial)
        {
            trials.Add(trial);
            progress?.Report(trial);
        }
    }

    /// <summary>The better trial first: within the memory, reaching the recall, then by speed; where the recall is not reached, by recall.</summary>
    private static int Compare(SpecificationTrial a, SpecificationTrial b)
    {
        if (a.Fits != b.Fits)
            return a.Fits ? -1 : 1;
        if (a.Reached != b.Reached)
            return a.Reached ? -1 : 1;
        return a.Reached ? b.Best.QueriesPerSecond.CompareTo(a.Best.QueriesPerSecond) : b.Best.Recall.CompareTo(a.Best.Recall);
    }

    /// <summary>Vectors, queries and the truth about them, on which specifications are tried.</summary>
    private sealed class Arena(Matrix vectors, int allRows, Matrix queries, double recall, SpecificationTuningOptions options, CancellationToken cancellationToken)
    {
        private readonly GroundTruth _truth = GroundTruth.Compute([vectors], queries, options.Evaluation.K, options.Metric, options.Build.Threads, null, cancellationToken);

        /// <summary>Builds and measures; null where the memory is far from enough or the training set too small.</summary>
        public SpecificationTrial? Try(Func<int, string> specify)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string specification = specify(vectors.Rows);
            using (VectorIndex empty = IndexFactory.Create(specification, vectors.Dimension, options.Metric))
            {
                if (empty.Memory.CodeBytesPerVector > options.BytesPerVector)
                    return null;
            }

            Built? built = Grow(specify);
            if (built is null)
                return null;
            using VectorIndex index = built.Index;
            TuningResult tuned = IndexTuner.Tune(index, queries, _truth, recall, options.Evaluation, null, cancellationToken);
            double bytes = vectors.Rows == allRows ? index.Memory.MeasuredBytesPerVector : Reckon(built, specify);
            return new SpecificationTrial(
                specification, vectors.Rows, built.TrainedOn, tuned.Reached, bytes <= options.BytesPerVector, bytes, built.Seconds, index.Knob, tuned.Best);
        }

        /// <summary>Memory of a vector in an index of all: what comes with each vector, and a share of what comes with the lists.</summary>
        private double Reckon(Built built, Func<int, string> specify)
        {
            using VectorIndex all = IndexFactory.Create(specify(allRows), vectors.Dimension, options.Metric);
            double each = (built.Index.Memory.MeasuredBytes - built.EmptyBytes) / (double)vectors.Rows;
            return each + (double)built.EmptyBytes * all.Lists / built.Index.Lists / allRows;
        }

        /// <summary>Trains on more and more vectors until the error, the share of neighbours missed at one setting, stops falling.</summary>
        private Built? Grow(Func<int, string> specify)
        {
            string specification = specify(vectors.Rows);
            int most;
            using (VectorIndex empty = IndexFactory.Create(specification, vectors.Dimension, options.Metric))
                most = Math.Min(empty.TrainingVectors(options.Build), vectors.Rows);
            Built? best = null;
            double error = 0;
            for (int part = most == 0 ? 1 : FirstPart; part >= 1; part /= 2)
            {
                if (Build(specification, most / part) is not { } built)
                    continue;
                if (Reckon(built, specify) > Beyond * options.BytesPerVector)
                {
                    built.Index.Dispose();
                    return null;
                }

                if (part == 1 && best is null)
                    return built;
                double now = Error(built);
                if (best is not null && now > (1 - LeastGain) * error)
                {
                    built.Index.Dispose();
                    return best;
                }

                best?.Index.Dispose();
                (best, error) = (built, now);
            }

            return best;
        }

        private double Error(Built built)
        {
            var (least, _) = built.Index.KnobRange(options.Evaluation.K);
            // So many lists that neither the centroids alone decide nor the codes alone.
            int setting = built.Index.Knob == SearchKnob.Probes ? Math.Max(1, built.Index.Lists / 16) : least;
            return 1 - new IndexEvaluation(built.Index, queries, _truth, options.Evaluation).MeasureRecall(setting, cancellationToken);
        }

        private Built? Build(string specification, int trainedOn)
        {
            VectorIndex index = IndexFactory.Create(specification, vectors.Dimension, options.Metric);
            try
            {
                long start = Stopwatch.GetTimestamp();
                if (trainedOn > 0)
                {
                    Matrix sample = trainedOn < vectors.Rows ? vectors.Select(new SeededRandom(options.Build.Seed, 0x7A2).Sample(trainedOn, vectors.Rows)) : vectors;
                    index.Train(sample, options.Build, null, cancellationToken);
                }

                long empty = index.Memory.MeasuredBytes;
                index.Add(vectors, default, options.Build, null, cancellationToken);
                return new Built(index, trainedOn, Stopwatch.GetElapsedTime(start).TotalSeconds, empty);
            }
            catch (ArgumentException) when (trainedOn > 0)
            {
                // Too few vectors to train on; a larger part may do.
                index.Dispose();
                return null;
            }
            catch
            {
                index.Dispose();
                throw;
            }
        }

        private sealed record Built(VectorIndex Index, int TrainedOn, double Seconds, long EmptyBytes);
    }
}
