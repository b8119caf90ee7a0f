using System.CommandLine;
using System.Diagnostics;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Benchmarks.Music;

/// <summary><c>music [--patterns N]</c>: how long a large index of generated bars takes to build, to search, and to bias a token.</summary>
internal static class MusicBench
{
    private const int VocabularySize = 2_000, Queries = 1_000, BiasedTokens = 5_000, Rounds = 5;

    public static Command Create()
    {
        var patterns = new Option<int>("--patterns") { Description = "Bars in the index.", DefaultValueFactory = _ => 100_000 };
        var command = new Command("music", "Measures style packs: building, retrieval, and the bias of a token.") { patterns };
        command.SetAction(parsed => Program.Guard(() => Run(parsed.GetValue(patterns))));
        return command;
    }

    private static void Run(int count)
    {
        StylePattern[] patterns = GeneratedBars.Make(count, seed: 1);
        StylePattern[] queries = GeneratedBars.Make(Queries, seed: 2);
        string[] used = [.. patterns.SelectMany(pattern => pattern.Tokens).Distinct()];
        var vocabulary = new Vocabulary(used.Concat(Enumerable.Range(0, VocabularySize - used.Length).Select(i => $"FILLER={i}")));

        long start = Stopwatch.GetTimestamp();
        using var index = HierarchicalStyleIndex.Build(new StylePacks(patterns, []));
        Print("building the index, s", Stopwatch.GetElapsedTime(start).TotalSeconds);
        start = Stopwatch.GetTimestamp();
        var fusion = new RetrievalFusion(index, vocabulary, new RetrievalConfig { FamilyIndex = "rock", ChildGenre = "punk", ChildBias = 0.3f });
        Print("putting its contexts in order, s", Stopwatch.GetElapsedTime(start).TotalSeconds);

        Percentiles("retrieval, ms", Queries, i => index.RetrieveSimilarPatterns(queries[i].Tokens, "rock", "punk", 0.3f, 5));

        int[] piece = vocabulary.Encode(BarSequence.Join(queries.Take(100).Select(pattern => pattern.Tokens)));
        var logits = new float[vocabulary.Count];
        void Bias(int i) => fusion.ApplyRetrievalBias(logits.AsSpan(), piece.AsSpan(0, 1 + i % (piece.Length - 1)));
        for (int i = 0; i < BiasedTokens; i++)
            Bias(i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < BiasedTokens; i++)
        {
            logits.AsSpan().Clear();
            Bias(i);
        }

        Print("bytes allocated by a biased token", (GC.GetAllocatedBytesForCurrentThread() - before) / (double)BiasedTokens);
        Percentiles("ApplyRetrievalBias, ms", BiasedTokens, i =>
        {
            logits.AsSpan().Clear();
            Bias(i);
        });
    }

    private static void Percentiles(string what, int count, Action<int> work)
    {
        // Five rounds, of which the median of each piece of work is kept: other work on the machine takes whole slices of time from a few.
        var rounds = new double[count][];
        for (int i = 0; i < count; i++)
            rounds[i] = new double[Rounds];
        for (int round = -1; round < Rounds; round++)
        {
            for (int i = 0; i < count; i++)
            {
                long start = Stopwatch.GetTimestamp();
                work(i);
                rounds[i][Math.Max(0, round)] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        double[] milliseconds = [.. rounds.Select(times => times.Order().ElementAt(Rounds / 2))];
        double mean = milliseconds.Average();
        Array.Sort(milliseconds);
        Console.WriteLine($"{what,-36} mean {mean:F4}, p50 {milliseconds[count / 2]:F4}, p95 {milliseconds[count * 95 / 100]:F4}, p99 {milliseconds[count * 99 / 100]:F4}");
    }

    private static void Print(string what, double value) => Console.WriteLine($"{what,-36} {value:F3}");
}
