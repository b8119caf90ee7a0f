using Tessera.Music.Evaluation;
using Tessera.Music.Midi;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Music.Tests.Models;

public sealed class SamplerTests
{
    private static readonly string[] Prompt = "STYLE=rock TEMPO=120 METER=4/4 GRID=12 PROGRAM=DRUMS BAR".Split(' ');
    private static readonly StylePacks Packs = new(RandomPatterns.Make(160), []);
    private static readonly KneserNeyModel Model = KneserNeyModel.Train([.. Packs.Pieces().Select(piece => (IReadOnlyList<string>)piece.Tokens)]);

    [Fact]
    public void Whatever_the_model_wants_the_music_is_valid()
    {
        var sampler = new Sampler(new AnythingModel(Model.Vocabulary));
        var tokenizer = new Tokenizer();
        for (ulong seed = 0; seed < 40; seed++)
        {
            string[] tokens = sampler.Generate(Prompt, new SamplingOptions { MaxLength = 80 + (int)seed, Temperature = 2, TopP = 1, Seed = seed });

            Score score = Tokenizer.Decode(tokens);
            Assert.All(score.Notes, note => Assert.Equal(Note.Drums, note.Program));
            Assert.InRange(tokens.Length, Prompt.Length, 80 + (int)seed);
            // Bars keep their length: encoding again finds the same notes at the same places.
            Assert.Equal(score.Notes, Tokenizer.Decode(tokenizer.Encode(score)).Notes);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_music_and_another_one_other_music()
    {
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.Build(Packs);
        string[] Once(ulong seed) => new Sampler(Model, new RetrievalFusion(index, Model.Vocabulary, new RetrievalConfig { FamilyIndex = "rock" })).Generate(Prompt, new SamplingOptions { Seed = seed, MaxLength = 200 });

        Assert.Equal(Once(1), Once(1));
        Assert.NotEqual(Once(1), Once(2));
    }

    [Fact]
    public void At_temperature_0_the_likeliest_token_comes()
    {
        string[] a = new Sampler(Model).Generate(Prompt, new SamplingOptions { Temperature = 0, Seed = 1, MaxLength = 60 });
        string[] b = new Sampler(Model).Generate(Prompt, new SamplingOptions { Temperature = 0, Seed = 2, MaxLength = 60 });

        Assert.Equal(a, b);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    public void No_more_than_the_limit_is_copied(int limit)
    {
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.Build(Packs);
        var guard = new CopyGuard(index, Model.Vocabulary);
        var sampler = new Sampler(Model, new RetrievalFusion(index, Model.Vocabulary, new RetrievalConfig { FamilyIndex = "rock", FusionWeight = 1 }), guard);
        int free = 0;
        for (ulong seed = 0; seed < 10; seed++)
        {
            int Span(int maxCopy)
            {
                string[] tokens = sampler.Generate(Prompt, new SamplingOptions { Seed = seed, MaxLength = 250, MaxCopy = maxCopy });
                return guard.Longest(Model.Vocabulary.Encode(tokens[Prompt.Length..])).Length;
            }

            Assert.InRange(Span(limit), 0, limit);
            free = Math.Max(free, Span(0));
        }

        Assert.True(free > limit, $"without a limit {free} tokens were copied; the limit of {limit} held nothing back.");
    }

    [Fact]
    public void A_limit_on_copies_needs_pieces_to_compare_with() =>
        Assert.Throws<ArgumentException>(() => new Sampler(Model).Generate(Prompt, new SamplingOptions { MaxCopy = 20 }));

    /// <summary>A model that wants everything alike.</summary>
    private sealed class AnythingModel(Vocabulary vocabulary) : ITokenModel
    {
        public Vocabulary Vocabulary => vocabulary;

        public void Predict(ReadOnlySpan<int> generated, Span<float> logits) => logits.Clear();
    }
}
