using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.CodeMap.Models;
using Tessera.CodeMap.Summaries;

namespace Tessera.Cli.Code;

/// <summary>Options that name the models of a map. Where they are left out the environment may name them, as it does for the reference.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> _embeddings = new("--embeddings")
    {
        Description = $"Server of an embedding model that speaks OpenAI's interface ({ModelEndpoint.EmbeddingUrlVariable}); without one, vectors come from hashed tokens.",
        HelpName = "URL",
    };

    private readonly Option<string?> _embeddingModel = new("--embedding-model")
    {
        Description = $"Name of the embedding model ({ModelEndpoint.EmbeddingModelVariable}).",
        HelpName = "MODEL",
    };

    private readonly Option<string?> _llm = new("--llm")
    {
        Description = $"Server of a language model that writes summaries ({ModelEndpoint.ChatUrlVariable}); without one, they are extracts. The key comes from {string.Join(" or ", ModelEndpoint.KeyVariables)}.",
        HelpName = "URL",
    };

    private readonly Option<string?> _llmModel = new("--llm-model")
    {
        Description = $"Name of the language model ({ModelEndpoint.ChatModelVariable}).",
        HelpName = "MODEL",
    };

    private readonly Option<string?> _budget = new("--llm-budget")
    {
        Description = "What summaries may cost: 100calls, 50000tokens, or 2.50money,0.15in,0.60out with the prices of a million tokens. The clusters that are left get extracts.",
        HelpName = "BUDGET",
    };

    private readonly Option<string?> _cache = new("--model-cache")
    {
        Description = "SQLite file that keeps what models answered, so that nothing is paid twice (default: in the user's data folder).",
        HelpName = "FILE",
    };

    private bool _writesSummaries;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="writesSummaries">Whether those of the language model are wanted too.</param>
    public void AddTo(Command command, bool writesSummaries)
    {
        _writesSummaries = writesSummaries;
        command.Add(_embeddings);
        command.Add(_embeddingModel);
        if (writesSummaries)
        {
            command.Add(_llm);
            command.Add(_llmModel);
            command.Add(_budget);
        }

        command.Add(_cache);
    }

    /// <summary>The models that the options or the environment name. The caller disposes them.</summary>
    /// <exception cref="UsageException">An option makes no sense.</exception>
    public ModelSession Create(CommandContext context)
    {
        try
        {
            ModelEndpoint? embeddings = ModelEndpoint.Embeddings(context.Find(_embeddings), context.Find(_embeddingModel));
            ModelEndpoint? chat = _writesSummaries ? ModelEndpoint.Chat(context.Find(_llm), context.Find(_llmModel)) : null;
            if (embeddings is null && context.IsGiven(_embeddingModel))
                throw new UsageException($"--embedding-model needs a server: give --embeddings URL, or set {ModelEndpoint.EmbeddingUrlVariable}.");
            if (chat is null && _writesSummaries && (context.IsGiven(_llmModel) || context.IsGiven(_budget)))
                throw new UsageException($"--llm-model and --llm-budget need a server: give --llm URL, or set {ModelEndpoint.ChatUrlVariable}.");
            ModelBudget? budget = chat is not null && context.Find(_budget) is { } text ? ModelBudget.Parse(text) : null;
            return new ModelSession(embeddings, chat, budget, context.Find(_cache));
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }
}
