using Tessera.Attention;
using Tessera.Attention.Configuration;
using Tessera.Attention.Llama;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Kv;

/// <summary>Texts to measure a model on.</summary>
internal static class Texts
{
    /// <summary>Reads texts that have an empty line or a mark between them.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Read(string path, LlamaTokenizer tokenizer)
    {
        string[] parts = File.ReadAllText(path).ReplaceLineEndings("\n").Split(["<|endoftext|>", "\n\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0)
            throw new FailureException($"{path}: there is no text in it.");
        return [.. parts.Select(tokenizer.Encode)];
    }

    /// <summary>Lets the model write texts, each from a seed of its own.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Write(LlamaModel model, int count, ulong seed, CancellationToken cancellationToken)
    {
        var texts = new List<IReadOnlyList<int>>();
        using var cache = new HiraCache(new KMeansIndexConfig { NumLevels = 1 });
        for (int i = 0; i < count; i++)
        {
            cache.Reset();
            var session = new LlamaSession(model, cache, AttendOptions.Dense);
            var random = new Random(unchecked((int)(seed * 1000) + i));
            var tokens = new List<int> { LlamaTokenizer.Begin };
            while (tokens.Count < model.Shape.Context)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int next = LlamaSampling.Draw(session.Next(tokens[^1]), 0.9, random);
                if (next is LlamaTokenizer.Begin or LlamaTokenizer.End)
                    break;
                tokens.Add(next);
            }

            texts.Add(tokens);
        }

        return texts;
    }

    /// <summary>The number of keys that, allowed at every token, is this share of all keys that dense attention scores over the texts.</summary>
    public static int KeysFor(IReadOnlyList<IReadOnlyList<int>> texts, int context, double share)
    {
        int[] lengths = [.. texts.Select(text => Math.Min(text.Count, context) - 1)];
        double all = lengths.Sum(length => (double)length * (length + 1) / 2);
        int keys = 1;
        while (lengths.Sum(length => Under(length, keys + 1)) <= share * all && keys < context)
            keys++;
        return keys;
    }

    /// <summary>The sum of min(keys, i) for i from 1 to length.</summary>
    private static double Under(int length, int keys)
    {
        double full = Math.Min(length, keys);
        return full * (full + 1) / 2 + Math.Max(0, length - keys) * (double)keys;
    }
}
