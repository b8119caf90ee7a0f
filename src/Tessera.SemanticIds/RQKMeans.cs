using Tessera.Clustering;
using Tessera.Quantization;
using Tessera.SemanticIds.Codes;
using Tessera.SemanticIds.Files;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds;

/// <summary>
/// RQ-KMeans: one codebook a level, each learnt by k-means on what the levels before leave. The codes of a vector name a path
/// from the coarse to the fine, and vectors that are alike share the beginning of their paths.
/// Not where few bits must reconstruct curved data closely: an <see cref="RQVAE"/> bends the space first, at a hundred times the training.
/// Time of a level that of <see cref="KMeans"/> or <see cref="BalancedKMeans"/>; coding O(d) for each vector and entry.
/// </summary>
public sealed class RQKMeans : SemanticEncoder
{
    internal const string TypeName = "RQKMeans";

    private readonly int[] _clusters;
    private ResidualLevels? _levels;

    /// <summary>Makes an encoder of equal levels that has yet to be fitted.</summary>
    /// <param name="levels">Levels of the codes, at least 1.</param>
    /// <param name="clusters">Codes of each level, at least 1.</param>
    /// <param name="seed">Seed of all random choices.</param>
    public RQKMeans(int levels = 4, int clusters = 256, ulong seed = 42)
        : this(new RQKMeansOptions { Levels = levels, Clusters = [clusters], Seed = seed })
    {
    }

    /// <summary>Makes an encoder that has yet to be fitted.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message says what would be right.</exception>
    public RQKMeans(RQKMeansOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _clusters = options.ClustersByLevel();
    }

    /// <summary>The settings.</summary>
    public RQKMeansOptions Options { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Clusters => _clusters;

    /// <inheritdoc/>
    public override int Dimension => _levels?.Dimension ?? 0;

    /// <inheritdoc/>
    public override bool IsFitted => _levels is not null;

    /// <summary>The codebooks, one for each level.</summary>
    /// <exception cref="InvalidOperationException">The encoder has not been fitted.</exception>
    public IReadOnlyList<Matrix> Codebooks => [.. Enumerable.Range(0, Levels).Select(level => Fitted.Entries(level))];

    private ResidualLevels Fitted
    {
        get
        {
            RequireFitted();
            return _levels!;
        }
    }

    /// <inheritdoc/>
    public override void Fit(Matrix vectors, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Rows < _clusters.Max())
            throw new ArgumentException($"There are {vectors.Rows} vectors for a level of {_clusters.Max()} codes; give at least as many vectors, or fewer clusters.", nameof(vectors));
        Inputs.RequireMeasurable(vectors, nameof(vectors));
        _levels = new LevelTraining(Options, threads, progress, cancellationToken).Run(Prepared(vectors));
    }

    /// <summary>Codes vectors; constrained, every code of a level is given out as often as the others, so that what a vector gets depends on the batch.</summary>
    /// <inheritdoc/>
    public override SemanticCodes Encode(Matrix vectors, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequireVectors(vectors);
        vectors = Prepared(vectors);
        return Options.Implementation == RQKMeansImplementation.Constrained
            ? Fitted.EncodeEvenly(vectors, threads, progress, cancellationToken)
            : Fitted.Encode(vectors, threads, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public override Matrix Decode(SemanticCodes codes) => Fitted.Decode(codes);

    /// <inheritdoc/>
    public override SemanticCodes NextBest(ReadOnlySpan<float> vector, ReadOnlySpan<int> codes, int count)
    {
        float[] prepared = vector.ToArray();
        if (Options.Metric == Metric.Cosine)
            Inputs.Normalise(prepared);
        return Fitted.NextBest(prepared, codes, count);
    }

    /// <summary>Writes <c>metadata.json</c> and <c>codebooks.npz</c> into a folder, as the Python package <c>semantic-id</c> lays them out.</summary>
    /// <inheritdoc/>
    public override void Save(string folder) => RQKMeansFile.Write(folder, Options, Fitted);

    /// <summary>Reads a model that <see cref="Save"/> or the Python package wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no model in the folder.</exception>
    /// <exception cref="TesseraFormatException">A file of the model is damaged or foreign.</exception>
    public static new RQKMeans Load(string folder)
    {
        (RQKMeansOptions options, ResidualLevels levels) = RQKMeansFile.Read(folder);
        return new RQKMeans(options) { _levels = levels };
    }

    /// <summary>The directions of the vectors where the metric asks for them.</summary>
    private Matrix Prepared(Matrix vectors) => Options.Metric == Metric.Cosine ? Inputs.Normalised(vectors, new float[vectors.Rows]) : vectors;
}
