// A small Llama model writes a story three times: with dense attention, with certified attention, and with a budget of keys.
// Usage: TinyLlama MODEL.bin TOKENIZER.bin [PROMPT], files in the format of llama2.c, such as stories260K.bin and tok512.bin.
using Tessera.Attention;
using Tessera.Attention.Configuration;
using Tessera.Attention.Llama;

if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: TinyLlama MODEL.bin TOKENIZER.bin [PROMPT]");
    return 2;
}

LlamaModel model = LlamaModel.Load(args[0]);
LlamaTokenizer tokenizer = LlamaTokenizer.Load(args[1]);
IReadOnlyList<int> prompt = tokenizer.Encode(args.Length > 2 ? args[2] : "Once upon a time, there was a little dog");

var config = new KMeansIndexConfig { BranchingFactor = 8, UpdateInterval = 8 };
var zones = new HiraCacheOptions { Sinks = 2, Window = 32 };
List<int> dense = Write("dense", AttendOptions.Dense);
List<int> certified = Write("certified", new AttendOptions { Mode = AttentionMode.Certified });
Write("half of the keys", new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.5 });
Console.WriteLine($"Dense and certified attention chose {(dense.SequenceEqual(certified) ? "the same tokens" : "different tokens")}.");
return 0;

List<int> Write(string name, AttendOptions options)
{
    using var cache = new HiraCache(config, zones);
    var session = new LlamaSession(model, cache, options);
    var tokens = new List<int>(prompt);
    ReadOnlySpan<float> logits = default;
    foreach (int token in prompt)
        logits = session.Next(token);
    while (tokens.Count < model.Shape.Context)
    {
        int next = LlamaSampling.Greedy(logits);
        if (next is LlamaTokenizer.Begin or LlamaTokenizer.End)
            break;
        tokens.Add(next);
        logits = session.Next(next);
    }

    Console.WriteLine($"== {name}: {tokens.Count} tokens, {100.0 * session.Scored / session.Scorable:F0}% of the keys scored");
    Console.WriteLine(tokenizer.Decode(tokens));
    Console.WriteLine();
    return tokens;
}
