using Tessera.Quantization;
using Tessera.SemanticIds.Files;
using Tessera.SemanticIds.Neural;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds;

/// <summary>
/// RQ-VAE (Lee et al., 2022; TIGER, Rajput et al., 2023): a network bends the space before residual codebooks quantise it, another
/// one bends it back, and all are learnt together. RQ-KMeans+ is the same with a shortcut around the networks, begun from
/// RQ-KMeans (<see cref="RQVAEOptions.Shortcut"/>), and on the held-out vectors never ends worse than that.
/// Not where RQ-KMeans is good enough: the training is a hundred times longer, and has settings that matter.
/// Time of an epoch O(n p) for p weights, near the speed of the matrix product.
/// </summary>
public sealed class RQVAE : SemanticEncoder
{
    internal const string TypeName = "RQVAE";

    private Autoencoder? _model;

    /// <summary>Makes an encoder that has yet to be fitted.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message says what would be right.</exception>
    public RQVAE(RQVAEOptions? options = null)
    {
        Options = options ?? new RQVAEOptions();
        Options.Validate();
    }

    /// <summary>The settings.</summary>
    public RQVAEOptions Options { get; }

    /// <summary>The epochs of the last training; empty for a model that was loaded.</summary>
    public IReadOnlyList<RQVAEEpoch> History { get; private set; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<int> Clusters => Options.Clusters;

    /// <inheritdoc/>
    public override int Dimension => _model?.Dimension ?? 0;

    /// <inheritdoc/>
    public override bool IsFitted => _model is not null;

    private Autoencoder Fitted
    {
        get
        {
            RequireFitted();
            return _model!;
        }
    }

    /// <inheritdoc/>
    public override void Fit(Matrix vectors, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Fit(vectors, null, threads, progress is null ? null : new EpochProgress(progress, Options.Epochs), cancellationToken);

    /// <summary>Learns from vectors, and tells how each epoch went.</summary>
    /// <param name="vectors">Rows of equal dimension, at least as many as the largest level has codes; all numbers finite and of size 1e15 at most.</param>
    /// <param name="start">Where training begins with <see cref="RQVAEOptions.Shortcut"/>: an RQ-KMeans of the same vectors and clusters, of metric L2 and without scaling. Null learns one, without the held-out vectors, which is fairer: those that it has seen speak for it.</param>
    /// <param name="threads">Threads; 0 uses every processor. The result does not depend on it.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellationToken">Stops between batches; the encoder stays as it was.</param>
    /// <exception cref="ArgumentException">There are too few vectors, a number is out of range, or <paramref name="start"/> does not fit.</exception>
    /// <exception cref="InvalidOperationException">The training diverged.</exception>
    public void Fit(Matrix vectors, RQKMeans? start, int threads = 0, IProgress<RQVAEEpoch>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Rows < Clusters.Max())
            throw new ArgumentException($"There are {vectors.Rows} vectors for a level of {Clusters.Max()} codes; give at least as many vectors, or fewer clusters.", nameof(vectors));
        Inputs.RequireMeasurable(vectors, nameof(vectors));
        RequireStart(start, vectors);
        var training = new Training(vectors, Options, threads);
        _model = training.Run(start?.Codebooks, progress, cancellationToken);
        History = training.History;
    }

    /// <inheritdoc/>
    public override SemanticCodes Encode(Matrix vectors, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequireVectors(vectors);
        return Fitted.Levels.Encode(Fitted.Latents(vectors, threads, cancellationToken), threads, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public override Matrix Decode(SemanticCodes codes) => Fitted.Reconstruct(Fitted.Levels.Decode(codes));

    /// <inheritdoc/>
    public override SemanticCodes NextBest(ReadOnlySpan<float> vector, ReadOnlySpan<int> codes, int count)
    {
        var one = new Matrix(vector.ToArray(), vector.Length);
        RequireVectors(one);
        return Fitted.Levels.NextBest(Fitted.Latents(one, 1, default).Span, codes, count);
    }

    /// <summary>Writes <c>metadata.json</c> and <c>model.npz</c> into a folder. The Python package keeps networks as pickles of torch, which cannot be exchanged.</summary>
    /// <inheritdoc/>
    public override void Save(string folder) => RQVAEFile.Write(folder, Options, Fitted);

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no model in the folder.</exception>
    /// <exception cref="TesseraFormatException">A file of the model is damaged or foreign.</exception>
    public static new RQVAE Load(string folder)
    {
        (RQVAEOptions options, Autoencoder model) = RQVAEFile.Read(folder);
        return new RQVAE(options) { _model = model };
    }

    private void RequireStart(RQKMeans? start, Matrix vectors)
    {
        if (start is null)
            return;
        if (!Options.Shortcut)
            throw new ArgumentException("Codebooks of vectors are no codebooks of latents; only a training with Shortcut can begin from them.", nameof(start));
        if (!start.IsFitted || start.Dimension != vectors.Dimension || !start.Clusters.SequenceEqual(Clusters))
            throw new ArgumentException($"The training begins from levels of {string.Join(", ", Clusters)} codes of dimension {vectors.Dimension}; give an RQ-KMeans that was fitted so.", nameof(start));
        if (start.Options.Metric != Metric.L2 || start.Options.NormalizeResiduals)
            throw new ArgumentException("The training begins from codebooks of the vectors as they are; give an RQ-KMeans of metric L2 without scaling.", nameof(start));
    }

    private sealed class EpochProgress(IProgress<TrainingProgress> progress, int epochs) : IProgress<RQVAEEpoch>
    {
        public void Report(RQVAEEpoch value) => progress.Report(new TrainingProgress("epochs", value.Epoch, epochs));
    }
}
