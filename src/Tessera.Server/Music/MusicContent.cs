using Tessera.Music;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Server.Loading;
using Tessera.Server.Trees;

namespace Tessera.Server.Music;

/// <summary>Style packs that are served, with the model that generates from them where there is one.</summary>
internal sealed class MusicContent : IServedContent
{
    private MusicContent(HierarchicalStyleIndex styles, ITokenModel? model, FusionWeights? weights)
    {
        Styles = styles;
        Model = model;
        Weights = weights;
        Counts = new Dictionary<string, long> { ["patterns"] = styles.Count, ["styles"] = styles.ParentGenres.Sum(parent => 1 + styles.ChildGenres(parent).Count) };
    }

    public HierarchicalStyleIndex Styles { get; }

    public ITokenModel? Model { get; }

    /// <summary>What retrieval weighs; null for the default.</summary>
    public FusionWeights? Weights { get; }

    public ITreeSource? Tree => null;

    public IReadOnlyDictionary<string, long> Counts { get; }

    /// <summary>Opens what was built before.</summary>
    /// <param name="index">The folder of the indices.</param>
    /// <param name="model">The folder of the model; null for none.</param>
    public static MusicContent Open(string index, string? model)
    {
        MusicModel? learned = model is null ? null : MusicModel.Load(model);
        return new MusicContent(HierarchicalStyleIndex.LoadIndices(index), learned?.Tokens, learned?.Weights);
    }

    /// <summary>Takes the packs that come with Tessera, and trains a model on them.</summary>
    public static MusicContent Starter(CancellationToken cancellationToken)
    {
        StylePacks packs = StarterPacks.Load();
        HierarchicalStyleIndex styles = HierarchicalStyleIndex.Build(packs, null, null, cancellationToken);
        return new MusicContent(styles, KneserNeyModel.Train([.. packs.Pieces().Select(piece => (IReadOnlyList<string>)piece.Tokens)], null, null, cancellationToken), null);
    }

    /// <summary>The first pattern of a style; of a parent without patterns of its own, that of its first child.</summary>
    public StylePattern FirstPattern(string parent, string? child) =>
        (child is null
            ? Styles.ChildGenres(parent).Cast<string?>().Prepend(null).SelectMany(one => Styles.Patterns(parent, one))
            : Styles.Patterns(parent, child)).Take(1).SingleOrDefault()
        ?? throw Hosting.RequestException.NotFound($"There is no style '{Hosting.Check.Shown(child is null ? parent : $"{parent}/{child}")}'; /api/music/styles says what there is.");

    public void Dispose() => Styles.Dispose();
}
