using System.Text.Json;
using Microsoft.Extensions.AI;
using Tessera.CodeMap.Models;

namespace Tessera.CodeMap.Summaries;

/// <summary>
/// Has a language model write summaries, each once for all builds that share a cache: its key is the model, the prompt's version and
/// the hashes of the members, so that after an edit only the clusters it lies in are paid for again. Where the model fails or the
/// budget is spent, the extract takes its place and is not kept, so that a later build asks again.
/// </summary>
public sealed class ModelSummarizer : IClusterSummarizer
{
    // A model that has failed so often in a row is not asked again: a build has hundreds of clusters, each with its time limit.
    private const int FailuresInRow = 3;
    private const int LettersOfToken = 4;

    private static readonly ChatOptions Json = new() { ResponseFormat = ChatResponseFormat.Json };

    private readonly IChatClient _client;
    private readonly IModelCache _cache;
    private readonly string _model;
    private int _failures;

    /// <param name="client">The model. Not disposed.</param>
    /// <param name="cache">Keeps the summaries; null to keep them as long as this object lives. Not disposed.</param>
    /// <param name="budget">What may be spent; null for no limit.</param>
    public ModelSummarizer(IChatClient client, IModelCache? cache = null, ModelBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _cache = cache ?? new InMemoryModelCache();
        Ledger = new CostLedger(budget);
        _model = client.GetService(typeof(ChatClientMetadata)) is ChatClientMetadata { DefaultModelId: { } model } ? model : client.GetType().Name;
    }

    /// <summary>What it has cost so far.</summary>
    public CostLedger Ledger { get; }

    /// <summary>The last failure of the model; null while there was none.</summary>
    public string? LastFailure { get; private set; }

    /// <inheritdoc/>
    public async Task<ClusterSummary> SummarizeAsync(ClusterContent content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        string key = ModelKey.Of(["summary", _model, SummaryPrompt.Version, .. content.MemberHashes]);
        if (_cache.Find([key])[0] is { } known && JsonSerializer.Deserialize(known, SummaryJson.Default.SummaryAnswer) is { } kept)
        {
            Ledger.Count(cached: 1);
            return new ClusterSummary(kept.Label, kept.Summary, SummarySource.Model);
        }

        SummaryAnswer? answer = await AskAsync(content, cancellationToken).ConfigureAwait(false);
        if (answer is null)
            return ExtractiveSummarizer.Summarize(content);
        _cache.Keep([KeyValuePair.Create(key, JsonSerializer.SerializeToUtf8Bytes(answer, SummaryJson.Default.SummaryAnswer))]);
        return new ClusterSummary(answer.Label, answer.Summary, SummarySource.Model);
    }

    private async Task<SummaryAnswer?> AskAsync(ClusterContent content, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _failures) >= FailuresInRow)
            return Failed(null);
        List<ChatMessage> messages = SummaryPrompt.For(content);
        try
        {
            string problem = "";
            for (int round = 0; round < 2; round++)
            {
                if (!Ledger.TryBegin())
                {
                    Ledger.Count(overBudget: 1);
                    return null;
                }

                ChatResponse response = await _client.GetResponseAsync(messages, Json, cancellationToken).ConfigureAwait(false);
                Ledger.Pay(
                    response.Usage?.InputTokenCount ?? messages.Sum(message => message.Text.Length) / LettersOfToken,
                    response.Usage?.OutputTokenCount ?? response.Text.Length / LettersOfToken);
                (SummaryAnswer? answer, problem) = SummaryAnswer.Read(response.Text);
                if (answer is not null)
                {
                    Volatile.Write(ref _failures, 0);
                    return answer;
                }

                if (round == 0)
                    Ledger.Count(repaired: 1);
                messages = [.. messages, new ChatMessage(ChatRole.Assistant, response.Text), SummaryPrompt.Repair(problem)];
            }

            return Failed($"{_model} answered nonsense twice: {problem}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever client stands behind the interface, a map without its words is better than none.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failed(failure.Message);
        }
    }

    private SummaryAnswer? Failed(string? failure)
    {
        Ledger.Count(failed: 1);
        if (failure is not null)
        {
            LastFailure = failure;
            Interlocked.Increment(ref _failures);
        }

        return null;
    }
}
