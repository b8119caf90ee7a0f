using Tessera.Colors.Collections;
using Tessera.Colors.Palettes;
using Tessera.Colors.Queries;
using Tessera.Colors.Transport;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Colors.Evaluation;

/// <summary>
/// Measures a collection's searches against an oracle that solves the transport of every image, without bounds and without an index.
/// The queries are of the collection's own colours: 1 to 5 of a random image's palette, as they are (the rest may be anything) and
/// scaled to a whole, and whole images.
/// </summary>
public sealed class SearchEvaluation
{
    private const int MostColors = 5;

    private readonly ColorCollection _collection;
    private readonly (string Kind, ColorQuery Query)[] _queries;

    /// <summary>Draws the queries.</summary>
    /// <param name="collection">The collection, which is not empty.</param>
    /// <param name="queries">How many queries of each kind.</param>
    /// <param name="seed">Seed of their choice.</param>
    /// <exception cref="ArgumentException">The collection is empty.</exception>
    public SearchEvaluation(ColorCollection collection, int queries = 40, ulong seed = 42)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentOutOfRangeException.ThrowIfLessThan(queries, 1);
        if (collection.Count == 0)
            throw new ArgumentException("The collection is empty; there is nothing to search for.", nameof(collection));
        _collection = collection;
        var random = new SeededRandom(seed, 0xE7A1);
        var drawn = new List<(string, ColorQuery)>();
        for (int i = 0; i < queries; i++)
        {
            int colors = 1 + i % MostColors;
            PaletteColor[] parts = [.. collection.RandomImage(random.Next(collection.Count)).Palette.Take(colors)];
            float sum = parts.Sum(part => part.Share);
            drawn.Add(("colours", ColorQuery.Of([.. parts.Select(part => new ColorTerm(part.Color, part.Share / sum))])));
            drawn.Add(("colours and *", ColorQuery.Of([.. parts.Select(part => new ColorTerm(part.Color, part.Share * 0.9f / Math.Max(1, sum)))])));
            drawn.Add(("image", ColorQuery.Of(collection.HistogramOf(collection.RandomImage(random.Next(collection.Count)).Id))));
        }

        _queries = [.. drawn];
    }

    /// <summary>Runs the queries and compares.</summary>
    /// <param name="options">How to search.</param>
    /// <param name="withOracle">Whether to ask the oracle too, which takes a while in a large collection.</param>
    /// <param name="progress">Told how many queries are done.</param>
    /// <param name="cancellationToken">Stops.</param>
    public IReadOnlyList<SearchFigures> Run(ColorSearchOptions options, bool withOracle = true, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The first searches compile and fill caches.
        foreach (var (_, query) in _queries.Take(30))
            _collection.Search(query, options, cancellationToken);
        var results = new (string Kind, double Recall, double Processor, ColorSearchResult Result)[_queries.Length];
        for (int i = 0; i < _queries.Length; i++)
        {
            var (kind, query) = _queries[i];
            TimeSpan before = Environment.CpuUsage.TotalTime;
            ColorSearchResult result = _collection.Search(query, options, cancellationToken);
            results[i] = (kind, double.NaN, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds, result);
            if (withOracle)
                results[i].Recall = RecallOf(result, _collection.TrueDistances(query, options, cancellationToken));
            progress?.Report(new TrainingProgress("search", i + 1, _queries.Length));
        }

        return [.. results.GroupBy(result => result.Kind).Select(group => Figures(group.Key, [.. group])), Figures("all", results)];
    }

    /// <summary>Answers that are as near as the true ones, equals included; images of equal distance may stand for each other.</summary>
    private static double RecallOf(ColorSearchResult result, double[] truth)
    {
        if (truth.Length == 0)
            return 1;
        return Math.Min(truth.Length, result.Hits.Count(hit => hit.Distance <= truth[^1] + 1e-4)) / (double)truth.Length;
    }

    private static SearchFigures Figures(string kind, (string Kind, double Recall, double Processor, ColorSearchResult Result)[] results)
    {
        double[] times = [.. results.Select(result => result.Result.Timings.Total).Order()], processor = [.. results.Select(result => result.Processor).Order()];
        int middle = times.Length / 2, late = (int)Math.Ceiling(0.95 * times.Length) - 1;
        return new SearchFigures(
            kind, results.Length, results.Average(result => result.Recall), times[middle], times[late], processor[middle], processor[late],
            results.Average(result => result.Result.Candidates), results.Average(result => result.Result.Measured));
    }
}
