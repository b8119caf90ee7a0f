using Tessera.Attention.Configuration;
using Tessera.Attention.Llama;
using Tessera.Storage;

namespace Tessera.Attention.Tests.Llama;

public sealed class LlamaTests
{
    private static readonly string? Data = Environment.GetEnvironmentVariable("TESSERA_DATA") is { } root && Directory.Exists(Path.Combine(root, "stories260K"))
        ? Path.Combine(root, "stories260K")
        : null;

    [Fact]
    public void A_story_is_continued_as_one_would_expect()
    {
        (LlamaModel model, LlamaTokenizer tokenizer) = Load();
        IReadOnlyList<int> prompt = tokenizer.Encode("Once upon a time, there was a little girl");

        Assert.Equal("Once upon a time, there was a little girl", tokenizer.Decode(prompt));
        Assert.StartsWith("Once upon a time, there was a little girl named ", tokenizer.Decode(Greedy(model, prompt, AttendOptions.Dense, 30)), StringComparison.Ordinal);
    }

    [Fact]
    public void Certified_attention_chooses_the_tokens_that_dense_attention_chooses()
    {
        (LlamaModel model, LlamaTokenizer tokenizer) = Load();
        foreach (string start in (string[])["Once upon a time", "Lily and Ben", "The big dog"])
        {
            IReadOnlyList<int> prompt = tokenizer.Encode(start);
            Assert.Equal(Greedy(model, prompt, AttendOptions.Dense, 300), Greedy(model, prompt, new AttendOptions { Mode = AttentionMode.Certified }, 300));
        }
    }

    [Fact]
    public void Bytes_that_are_no_pieces_come_back_as_they_were()
    {
        (_, LlamaTokenizer tokenizer) = Load();

        foreach (string text in (string[])["", "naïve 👍 Größe", "  two blanks"])
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Damaged_models_and_tokenizers_are_refused()
    {
        string folder = Directory.CreateTempSubdirectory("tessera-llama-").FullName, path = Path.Combine(folder, "file.bin");
        try
        {
            foreach (byte[] bytes in (byte[][])[[], new byte[10], new byte[28], [.. Enumerable.Repeat((byte)1, 28)], [.. Enumerable.Repeat((byte)200, 5000)]])
            {
                File.WriteAllBytes(path, bytes);
                Assert.Throws<TesseraFormatException>(() => LlamaModel.Load(path));
                Assert.Throws<TesseraFormatException>(() => LlamaTokenizer.Load(path));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (LlamaModel Model, LlamaTokenizer Tokenizer) Load()
    {
        Assert.SkipWhen(Data is null, "TESSERA_DATA names no folder with stories260K.");
        return (LlamaModel.Load(Path.Combine(Data!, "stories260K.bin")), LlamaTokenizer.Load(Path.Combine(Data!, "tok512.bin")));
    }

    private static List<int> Greedy(LlamaModel model, IReadOnlyList<int> prompt, AttendOptions options, int count)
    {
        using var cache = new HiraCache(new KMeansIndexConfig { BranchingFactor = 8, UpdateInterval = 8 }, new HiraCacheOptions { Window = 16 });
        var session = new LlamaSession(model, cache, options);
        var tokens = new List<int>(prompt);
        ReadOnlySpan<float> logits = default;
        foreach (int token in prompt)
            logits = session.Next(token);
        while (tokens.Count < count)
        {
            tokens.Add(LlamaSampling.Greedy(logits));
            logits = session.Next(tokens[^1]);
        }

        return tokens;
    }
}
