using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Quantization;

namespace Tessera.Music.Evaluation;

/// <summary>Measures what retrieval does for a model, on pieces that neither has seen and on what is generated.</summary>
public sealed class StyleEvaluation
{
    private readonly ITokenModel _model;
    private readonly HierarchicalStyleIndex _index;
    private readonly RetrievalConfig _config;
    private readonly ParallelOptions _parallel;
    private readonly IProgress<TrainingProgress>? _progress;

    /// <summary>Makes an evaluation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="index">The patterns to retrieve from.</param>
    /// <param name="config">Fusion weight, n-gram size and the like; family and child are set by what is measured, the bias by the child's measure alone.</param>
    /// <param name="threads">Threads; 0 (default) uses every processor.</param>
    /// <param name="progress">Told after each genre.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    public StyleEvaluation(ITokenModel model, HierarchicalStyleIndex index, RetrievalConfig config, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _model = model;
        _index = index;
        _config = config;
        _progress = progress;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads, CancellationToken = cancellationToken };
    }

    /// <summary>Perplexity by style, under the bias of each piece's parent.</summary>
    /// <param name="heldOut">Pieces that were not learned from; those of parents that the index lacks are left out.</param>
    public IReadOnlyList<StylePerplexity> ByStyle(StylePacks heldOut)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        var styles = heldOut.Pieces().Where(piece => _index.ParentGenres.Contains(piece.Parent)).GroupBy(piece => piece.Parent, StringComparer.Ordinal).OrderBy(style => style.Key, StringComparer.Ordinal).ToArray();
        var rows = new StylePerplexity[styles.Length];
        ForEach("perplexity by style", styles.Length, i =>
        {
            RetrievalConfig family = _config with { FamilyIndex = styles[i].Key, ChildGenre = null, ChildBias = 0 };
            string[][] pieces = [.. styles[i].Select(piece => piece.Tokens)];
            rows[i] = new StylePerplexity(
                styles[i].Key,
                Measure(null, pieces),
                Measure(family, pieces),
                Measure(family with { OnlineLearning = false }, pieces),
                Measure(family with { Mode = FusionMode.Reference }, pieces));
        });
        return rows;
    }

    /// <summary>Perplexity of children's pieces under the bias of their own child, and of each other child of the same parent.</summary>
    /// <param name="heldOut">Pieces that were not learned from.</param>
    public ChildPerplexity ByChild(StylePacks heldOut)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        var genres = heldOut.Pieces()
            .Where(piece => piece.Child is not null && _index.ChildGenres(piece.Parent) is { Count: > 1 } children && children.Contains(piece.Child))
            .GroupBy(piece => (piece.Parent, Child: piece.Child!)).ToArray();
        var measured = new ChildPerplexity[genres.Length];
        ForEach("right and wrong children", genres.Length, i =>
        {
            (string parent, string own) = genres[i].Key;
            string[][] pieces = [.. genres[i].Select(piece => piece.Tokens)];
            RetrievalConfig family = _config with { FamilyIndex = parent, ChildGenre = null, ChildBias = 0 };
            Perplexity With(string child) => Measure(family with { ChildGenre = child, ChildBias = _config.ChildBias > 0 ? _config.ChildBias : 0.3f }, pieces);
            string[] others = [.. _index.ChildGenres(parent).Where(child => child != own)];
            Perplexity wrong = others.Select(With).Aggregate((a, b) => a + b);
            // The mean over the other children, so that a piece counts the same on all sides.
            measured[i] = new ChildPerplexity(pieces.Length, Measure(family, pieces), With(own), new Perplexity(wrong.Tokens / others.Length, wrong.NegativeLog / others.Length));
        });
        return measured.Aggregate(default(ChildPerplexity), (sum, genre) => new ChildPerplexity(sum.Pieces + genre.Pieces, sum.Parent + genre.Parent, sum.Right + genre.Right, sum.Wrong + genre.Wrong));
    }

    /// <summary>Generates pieces of each parent genre with and without retrieval, and asks a classifier for their style.</summary>
    /// <param name="classifier">A classifier trained on real pieces.</param>
    /// <param name="prompt">The prompt of a style, such as <c>STYLE=rock TEMPO=120 ... BAR</c>.</param>
    /// <param name="samples">Pieces of each style, at least 1.</param>
    /// <param name="options">Length, temperature, nucleus, first seed and limit on copies.</param>
    public IReadOnlyList<GenerationFigures> ByGeneration(StyleClassifier classifier, Func<string, IReadOnlyList<string>> prompt, int samples, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        string[] styles = [.. classifier.Styles.Where(style => _index.Patterns(style).Count > 0)];
        var rows = new GenerationFigures[styles.Length];
        ForEach("generating", styles.Length, i =>
        {
            var guard = new CopyGuard(_index, _model.Vocabulary);
            var fusion = new RetrievalFusion(_index, _model.Vocabulary, _config with { FamilyIndex = styles[i], ChildGenre = null, ChildBias = 0 });
            var (named, copied) = Generate(new Sampler(_model, fusion, guard), guard, styles[i]);
            var (namedWithout, copiedWithout) = Generate(new Sampler(_model, null, guard), guard, styles[i]);
            rows[i] = new GenerationFigures(styles[i], samples, named, namedWithout, copied, copiedWithout);
        });
        return rows;

        (int Named, CopiedSpan Copied) Generate(Sampler sampler, CopyGuard guard, string style)
        {
            int named = 0;
            var longest = default(CopiedSpan);
            IReadOnlyList<string> start = prompt(style);
            for (int sample = 0; sample < samples; sample++)
            {
                string[] tokens = sampler.Generate(start, options with { Seed = options.Seed + (ulong)sample }, _parallel.CancellationToken);
                named += classifier.Classify(tokens) == style ? 1 : 0;
                CopiedSpan copied = guard.Longest(_model.Vocabulary.Encode(tokens[start.Count..]));
                if (copied.Length > longest.Length)
                    longest = copied;
            }

            return (named, longest);
        }
    }

    private Perplexity Measure(RetrievalConfig? config, string[][] pieces)
    {
        RetrievalFusion? fusion = config is null ? null : new RetrievalFusion(_index, _model.Vocabulary, config);
        Perplexity sum = default;
        foreach (string[] piece in pieces)
            sum += Perplexity.Of(_model, fusion, piece, _parallel.CancellationToken);
        return sum;
    }

    private void ForEach(string stage, int count, Action<int> measure)
    {
        int done = 0;
        Parallel.For(0, count, _parallel, i =>
        {
            measure(i);
            _progress?.Report(new TrainingProgress(stage, Interlocked.Increment(ref done), count));
        });
    }
}
