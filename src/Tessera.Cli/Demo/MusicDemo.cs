using System.Diagnostics;
using Tessera.Cli.Rendering;
using Tessera.Music;
using Tessera.Music.Evaluation;
using Tessera.Music.Midi;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Cli.Demo;

/// <summary>Style packs in a few lines: what is most like a bar, and a groove that a model and retrieval make.</summary>
/// <param name="Patterns">Bars in the packs that come with the library.</param>
/// <param name="Query">The bar that was looked up.</param>
/// <param name="Similar">The bars most like it, with their scores.</param>
/// <param name="Groove">Tokens that were generated.</param>
/// <param name="LongestCopy">The longest span of them that stands in a pack.</param>
/// <param name="Seconds">What all of it took.</param>
internal sealed record MusicDemo(int Patterns, string Query, IReadOnlyList<string> Similar, string Groove, int LongestCopy, double Seconds)
{
    private const int MaxCopy = 60;

    public static MusicDemo Make(ulong seed, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        StylePacks packs = StarterPacks.Load();
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.Build(packs, null, null, cancellationToken);
        StylePattern query = index.Patterns("rock", "halftime")[0];
        var similar = index.RetrieveSimilarPatterns(query.Tokens, "rock", "punk", 0.3f, 3);

        KneserNeyModel model = KneserNeyModel.Train([.. packs.Pieces().Select(piece => (IReadOnlyList<string>)piece.Tokens)], null, null, cancellationToken);
        var fusion = new RetrievalFusion(index, model.Vocabulary, new RetrievalConfig { FamilyIndex = "rock", ChildGenre = "halftime", ChildBias = 0.3f, FusionWeight = 0.5f });
        var guard = new CopyGuard(index, model.Vocabulary);
        string[] prompt = [.. query.Tokens.TakeWhile(token => token != "BAR"), "BAR"];
        string[] groove = new Sampler(model, fusion, guard).Generate(prompt, new SamplingOptions { Seed = seed, MaxLength = 400, MaxCopy = MaxCopy }, cancellationToken);
        return new MusicDemo(
            index.Count,
            NameOf(query),
            [.. similar.Select(found => $"{Figures.Fixed(found.Score, 2)}  {NameOf(found.Pattern)}")],
            string.Join(' ', groove),
            guard.Longest(model.Vocabulary.Encode(groove[prompt.Length..])).Length,
            Figures.Significant(Stopwatch.GetElapsedTime(start).TotalSeconds, 4));
    }

    /// <summary>The groove as notes.</summary>
    public Score ToScore() => Tokenizer.Decode(Groove.Split(' '));

    private static string NameOf(StylePattern pattern) => $"bar {pattern.Bar + 1} of {pattern.Source}";
}
