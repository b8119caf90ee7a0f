using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Models;
using Tessera.CodeMap.Summaries;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code;

/// <summary>The models of one run.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly SqliteModelCache? _cache;
    private readonly OpenAIEmbeddingGenerator? _generator;
    private readonly OpenAIChatClient? _client;

    public ModelSession(ModelEndpoint? embeddings, ModelEndpoint? chat, ModelBudget? budget, string? cache)
    {
        if (embeddings is null && chat is null)
            return;
        _cache = new SqliteModelCache(cache ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "tessera", "models.db"));
        if (embeddings is not null)
        {
            _generator = new OpenAIEmbeddingGenerator(embeddings);
            Embedder = new ModelEmbedder(_generator, _cache);
        }

        if (chat is not null)
        {
            _client = new OpenAIChatClient(chat);
            Summarizer = new ModelSummarizer(_client, _cache, budget);
        }
    }

    /// <summary>Null where vectors come from hashed tokens.</summary>
    public ModelEmbedder? Embedder { get; }

    /// <summary>Null where summaries are extracts.</summary>
    public ModelSummarizer? Summarizer { get; }

    /// <summary>What went wrong with the language model, or null.</summary>
    public string? Warning => Summarizer is { LastFailure: { } failure, Ledger.Report: var report }
        ? $"{report.Failed} summaries are extracts, since the language model failed: {failure}"
        : Summarizer?.Ledger.Report is { OverBudget: > 0 } spent ? $"{spent.OverBudget} summaries are extracts, since the budget is spent." : null;

    public void Dispose()
    {
        _generator?.Dispose();
        _client?.Dispose();
        _cache?.Dispose();
    }
}
