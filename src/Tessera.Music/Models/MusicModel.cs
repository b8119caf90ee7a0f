using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;
using Tessera.Quantization;
using Tessera.Storage;

namespace Tessera.Music.Models;

/// <summary>Everything that is learned from style packs: a model of tokens, an embedder of bars, and what retrieval weighs. Kept in a folder: <c>model.tsr</c>, <c>embedder.tsr</c>, <c>fusion.tsr</c>, <c>vocab.json</c>.</summary>
/// <param name="Tokens">The n-gram model.</param>
/// <param name="Embedder">The embedder of bars.</param>
/// <param name="Weights">What each source of retrieval weighs.</param>
public sealed record MusicModel(KneserNeyModel Tokens, LearnedEmbedder Embedder, FusionWeights Weights)
{
    /// <summary>The embedder's file in the folder.</summary>
    public const string EmbedderFile = "embedder.tsr";

    private const string WeightsKind = "tessera/fusion-weights";

    // Fewer pieces than these have none to spare for learning weights.
    private const int FewPieces = 40;

    /// <summary>Learns from style packs.</summary>
    /// <param name="packs">The patterns.</param>
    /// <param name="options">Order, seed; null for the defaults.</param>
    /// <param name="progress">Told after each stage.</param>
    /// <param name="cancellationToken">Stops within a stage.</param>
    /// <exception cref="ArgumentException">There are no patterns, or an option is out of range.</exception>
    public static MusicModel Train(StylePacks packs, MusicModelOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(packs);
        options ??= new MusicModelOptions();
        options.Validate();
        var order = new KneserNeyOptions { Order = options.Order };
        IReadOnlyList<string>[] pieces = [.. packs.Pieces().Select(piece => piece.Tokens)];
        KneserNeyModel model = KneserNeyModel.Train(pieces, order, null, cancellationToken);
        progress?.Report(new TrainingProgress("training", 1, 3));
        LearnedEmbedder embedder = EmbedderTrainer.Train(BarsOf(packs), options.EmbeddingDim, options.EmbedderSteps, options.Seed, cancellationToken);
        progress?.Report(new TrainingProgress("training", 2, 3));
        FusionWeights weights = options.HeldOut > 0 && pieces.Length >= FewPieces ? FitWeights(packs, model.Vocabulary, order, options, cancellationToken) : FusionWeights.Default;
        progress?.Report(new TrainingProgress("training", 3, 3));
        return new MusicModel(model, embedder, weights);
    }

    /// <summary>Writes the folder, which is made where there is none.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        Tokens.Vocabulary.Save(Path.Combine(folder, "vocab.json"));
        Embedder.Save(Path.Combine(folder, EmbedderFile));
        using (TsrWriter writer = TsrWriter.Create(Path.Combine(folder, "fusion.tsr"), WeightsKind))
        {
            writer.Write<float>("weights", [.. Weights.Values]);
            writer.Commit();
        }

        Tokens.Save(Path.Combine(folder, "model.tsr"));
    }

    /// <summary>Reads the folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="TesseraFormatException">A file is damaged or foreign.</exception>
    public static MusicModel Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: there is no such folder; train a model with 'tessera music train'.");
        using TsrReader file = TsrReader.Open(Path.Combine(folder, "fusion.tsr"));
        file.RequireKind(WeightsKind);
        var weights = new FusionWeights(file.ReadExactly<float>("weights", FusionWeights.Sources * FusionWeights.Features).ToArray());
        if (!weights.Values.All(float.IsFinite))
            throw file.Error("weights", "they are not finite.");
        return new MusicModel(KneserNeyModel.Load(Path.Combine(folder, "model.tsr")), LearnedEmbedder.Load(Path.Combine(folder, EmbedderFile)), weights);
    }

    private static IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> BarsOf(StylePacks packs) =>
        [.. packs.Patterns.GroupBy(pattern => pattern.Source, StringComparer.Ordinal).Select(piece => piece.OrderBy(bar => bar.Bar).Select(bar => bar.Tokens).ToArray())];

    private static FusionWeights FitWeights(StylePacks packs, Vocabulary vocabulary, KneserNeyOptions order, MusicModelOptions options, CancellationToken cancellationToken)
    {
        // By a hash of the file's name: the same pieces whatever else is in the packs.
        var held = packs.Pieces().Where(piece => StableHash.Of(piece.Source) % 1000 < 1000 * options.HeldOut).ToDictionary(piece => piece.Source, StringComparer.Ordinal);
        var rest = packs with { Patterns = [.. packs.Patterns.Where(pattern => !held.ContainsKey(pattern.Source))] };
        if (held.Count == 0 || rest.Patterns.Count == 0)
            return FusionWeights.Default;
        KneserNeyModel model = KneserNeyModel.Train([.. rest.Pieces().Select(piece => (IReadOnlyList<string>)piece.Tokens)], order, vocabulary, cancellationToken);
        using var index = HierarchicalStyleIndex.Build(rest, new StyleIndexOptions { Threads = options.Threads }, null, cancellationToken);
        return FusionTrainer.Fit(
            model, index, [.. held.Values.Select(piece => (piece.Parent, (IReadOnlyList<string>)piece.Tokens))],
            new RetrievalConfig { FamilyIndex = "any" }, options.Threads, options.Seed, cancellationToken);
    }
}
