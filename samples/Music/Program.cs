// Style packs end to end: index the packs that come with the library, retrieve from them, and let them bias a model's music.
using Tessera.Music;
using Tessera.Music.Evaluation;
using Tessera.Music.Midi;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

StylePacks packs = StarterPacks.Load();
using HierarchicalStyleIndex index = HierarchicalStyleIndex.Build(packs);
Console.WriteLine($"{index.Count} bars of {string.Join(", ", index.ParentGenres)}");

string[] query = "STYLE=rock TEMPO=76 METER=4/4 GRID=12 PROGRAM=DRUMS BAR POS=1 NOTE_ON 36 VEL=110 DUR=1 POS=25 NOTE_ON 38 VEL=110 DUR=1".Split(' ');
foreach (ScoredPattern found in index.RetrieveSimilarPatterns(query, parentGenre: "rock", childGenre: "halftime", childBias: 0.3f, k: 3))
    Console.WriteLine($"{found.Score:F3}  bar {found.Pattern.Bar + 1} of {found.Pattern.Source}");

KneserNeyModel model = KneserNeyModel.Train([.. packs.Pieces().Select(piece => (IReadOnlyList<string>)piece.Tokens)]);
var config = new RetrievalConfig { FamilyIndex = "rock", ChildGenre = "halftime", ChildBias = 0.3f, FusionWeight = 0.5f };
var fusion = new RetrievalFusion(index, model.Vocabulary, config);

// The fusion fits any sampler: logits in, biased logits out.
int[] context = model.Vocabulary.Encode([.. query[..6], "BAR", "POS=1", "NOTE_ON"]);
var logits = new float[model.Vocabulary.Count];
model.Predict(context, logits);
fusion.ApplyRetrievalBias(logits, context);
Console.WriteLine($"After NOTE_ON most likely: {model.Vocabulary[Array.IndexOf(logits, logits.Max())]}");

var guard = new CopyGuard(index, model.Vocabulary);
string[] music = new Sampler(model, fusion, guard).Generate([.. query[..6]], new SamplingOptions { MaxLength = 300, MaxCopy = 50, Seed = 7 });
MidiFile.Write("groove.mid", Tokenizer.Decode(music));
CopiedSpan copied = guard.Longest(model.Vocabulary.Encode(music[6..]));
Console.WriteLine($"groove.mid: {music.Length} tokens, of which {copied.Length} in a row also stand in {copied.Source}");
