using Tessera.Music.Evaluation;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Music.Tests.Models;

public sealed class MusicModelTests
{
    private static readonly StylePacks Packs = new(RandomPatterns.Make(400), []);

    [Fact]
    public void A_saved_model_is_the_same_and_its_embedder_serves_an_index()
    {
        using var folder = new PackFolder();
        MusicModel model = MusicModel.Train(Packs, new MusicModelOptions { EmbeddingDim = 16, EmbedderSteps = 5 });
        model.Save(folder["model"]);

        MusicModel loaded = MusicModel.Load(folder["model"]);

        Assert.Equal(model.Weights.Values, loaded.Weights.Values);
        Assert.Equal(model.Tokens.Vocabulary.Tokens, Vocabulary.Load(folder["model/vocab.json"]).Tokens);
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.Build(Packs, new StyleIndexOptions { Embedder = loaded.Embedder });
        index.SaveIndices(folder["index"]);
        using HierarchicalStyleIndex again = HierarchicalStyleIndex.LoadIndices(folder["index"]);
        Assert.Equal(("learned", 16), (again.Embedder.Name, again.Embedder.Dimension));
        var query = Packs.Patterns[40];
        Assert.Equal(
            index.RetrieveSimilarPatterns(query.Tokens, query.ParentGenre).Select(found => (found.Pattern.Source, found.Score)),
            again.RetrieveSimilarPatterns(query.Tokens, query.ParentGenre).Select(found => (found.Pattern.Source, found.Score)));
    }

    [Fact]
    public void The_learned_embedder_finds_bars_of_the_same_piece()
    {
        LearnedEmbedder embedder = MusicModel.Train(Packs, new MusicModelOptions { EmbeddingDim = 16, EmbedderSteps = 500, HeldOut = 0 }).Embedder;
        using HierarchicalStyleIndex learned = HierarchicalStyleIndex.Build(Packs, new StyleIndexOptions { Embedder = embedder });
        using HierarchicalStyleIndex byHash = HierarchicalStyleIndex.Build(Packs, new StyleIndexOptions { Embedder = new ReferenceEmbedder(16) });

        int Hits(HierarchicalStyleIndex index) => Packs.Patterns.Where(pattern => pattern.ChildGenre is null).Sum(query =>
            index.RetrieveSimilarPatterns(query.Tokens, query.ParentGenre, null, 0, 4).Count(found => found.Pattern.Source == query.Source));

        Assert.True(Hits(learned) > 1.2 * Hits(byHash), $"{Hits(learned)} by what was learned, {Hits(byHash)} by hashes.");
    }

    [Fact]
    public void Retrieval_lowers_the_perplexity_of_pieces_that_were_not_seen()
    {
        StylePattern[] all = RandomPatterns.Make(480);
        var packs = new StylePacks(all[..400], []);
        MusicModel model = MusicModel.Train(packs, new MusicModelOptions { EmbeddingDim = 16, EmbedderSteps = 5 });
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.Build(packs);
        var held = new StylePacks(all[400..], []).Pieces().Where(piece => piece.Parent == "rock").ToArray();
        var fusion = new RetrievalFusion(index, model.Tokens.Vocabulary, new RetrievalConfig { FamilyIndex = "rock", Weights = model.Weights });

        Perplexity alone = held.Select(piece => Perplexity.Of(model.Tokens, null, piece.Tokens)).Aggregate((a, b) => a + b);
        Perplexity with = held.Select(piece => Perplexity.Of(model.Tokens, fusion, piece.Tokens)).Aggregate((a, b) => a + b);

        Assert.True(with.Value < alone.Value, $"{with.Value} with retrieval, {alone.Value} without.");
    }
}
