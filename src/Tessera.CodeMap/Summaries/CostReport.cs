namespace Tessera.CodeMap.Summaries;

/// <summary>What summaries have cost.</summary>
/// <param name="Calls">Calls of the model, those for repairs among them.</param>
/// <param name="Repaired">Answers that were not as asked for and were asked for once more.</param>
/// <param name="Failed">Clusters that got an extract because the model failed.</param>
/// <param name="Cached">Clusters whose summary was known from before.</param>
/// <param name="OverBudget">Clusters that got an extract because the budget was spent.</param>
/// <param name="InputTokens">Tokens in; estimated from the letters where the model does not count.</param>
/// <param name="OutputTokens">Tokens out, likewise.</param>
/// <param name="Money">Their price.</param>
public sealed record CostReport(long Calls, long Repaired, long Failed, long Cached, long OverBudget, long InputTokens, long OutputTokens, decimal Money);
