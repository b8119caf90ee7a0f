using Tessera.Indexes;
using Tessera.Vectors;

namespace Tessera.Search;

/// <summary>
/// Finds the cheapest setting that reaches a recall: the fewest probes of an inverted file, the shortest beam of a graph. Doubles the
/// setting until the target is reached, then halves the interval; when doubling finds no more, the largest setting is tried at once.
/// Each setting tried costs one batch search, and only the one chosen is timed. A larger setting finds more in nearly all cases, and
/// the search relies on it: where quantised distances make the recall dip, a smaller setting may be overlooked, but the one returned
/// was measured.
/// </summary>
public static class IndexTuner
{
    /// <summary>Finds the cheapest setting.</summary>
    /// <param name="index">A filled index.</param>
    /// <param name="queries">Queries like those that will be asked; some hundreds give a recall to within about 0.01.</param>
    /// <param name="truth">Their true neighbours.</param>
    /// <param name="recall">The k-recall@k to reach, above 0 and at most 1.</param>
    /// <param name="options">k, batch size and other knobs; null for the defaults.</param>
    /// <param name="progress">Told of each setting tried.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="ArgumentException">Index, queries and truth do not belong together, or <paramref name="recall"/> is out of range.</exception>
    public static TuningResult Tune(
        VectorIndex index,
        Matrix queries,
        GroundTruth truth,
        double recall,
        EvaluationOptions? options = null,
        IProgress<TuningStep>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        if (!(recall is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(recall), recall, "The target is a recall above 0 and at most 1, such as 0.9.");
        var evaluation = new IndexEvaluation(index, queries, truth, options);
        var steps = new List<TuningStep>();

        var (least, most) = index.KnobRange((options ?? EvaluationOptions.Default).K);
        int below = least - 1, reaching = 0;
        for (int setting = least; reaching == 0 && below < most;)
        {
            if (Try(setting) >= recall)
                reaching = setting;
            else
                below = setting;
            setting = IsSaturated(steps) ? most : (int)Math.Min(setting * 2L, most);
        }

        while (reaching - below > 1)
        {
            int middle = below + (reaching - below) / 2;
            if (Try(middle) >= recall)
                reaching = middle;
            else
                below = middle;
        }

        bool reached = reaching > 0;
        int chosen = reached ? reaching : steps.OrderByDescending(step => step.Recall).ThenBy(step => step.Setting).First().Setting;
        return new TuningResult(reached, evaluation.Measure(chosen, cancellationToken), steps);

        double Try(int setting)
        {
            var step = new TuningStep(setting, evaluation.MeasureRecall(setting, cancellationToken));
            steps.Add(step);
            progress?.Report(step);
            return step.Recall;
        }
    }

    /// <summary>
    /// Whether doubling twice found not one neighbour more. What is missing then is most likely lost to the codes, and the largest
    /// setting is tried at once to make sure.
    /// </summary>
    private static bool IsSaturated(List<TuningStep> steps) =>
        steps.Count >= 3 && steps[^1].Recall > 0 && steps[^1].Recall <= steps[^3].Recall;
}
