namespace Tessera.CodeMap.Summaries;

/// <summary>What summaries have cost so far. Any number of threads may write in it.</summary>
public sealed class CostLedger
{
    private readonly Lock _lock = new();
    private readonly ModelBudget _budget;
    private CostReport _spent = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <param name="budget">What may be spent; null for no limit.</param>
    public CostLedger(ModelBudget? budget = null)
    {
        _budget = budget ?? ModelBudget.Unlimited;
    }

    /// <summary>What was spent until now.</summary>
    public CostReport Report
    {
        get
        {
            lock (_lock)
                return _spent;
        }
    }

    /// <summary>Takes a call out of the budget.</summary>
    /// <returns>False when the budget is spent.</returns>
    internal bool TryBegin()
    {
        lock (_lock)
        {
            if (_spent.Calls >= _budget.Calls || _spent.InputTokens + _spent.OutputTokens >= _budget.Tokens || _spent.Money >= _budget.Money)
                return false;
            _spent = _spent with { Calls = _spent.Calls + 1 };
            return true;
        }
    }

    internal void Pay(long inputTokens, long outputTokens)
    {
        lock (_lock)
        {
            _spent = _spent with
            {
                InputTokens = _spent.InputTokens + inputTokens,
                OutputTokens = _spent.OutputTokens + outputTokens,
                Money = _spent.Money + (inputTokens * _budget.InputPrice + outputTokens * _budget.OutputPrice) / 1_000_000,
            };
        }
    }

    internal void Count(int repaired = 0, int failed = 0, int cached = 0, int overBudget = 0)
    {
        lock (_lock)
        {
            _spent = _spent with
            {
                Repaired = _spent.Repaired + repaired,
                Failed = _spent.Failed + failed,
                Cached = _spent.Cached + cached,
                OverBudget = _spent.OverBudget + overBudget,
            };
        }
    }
}
