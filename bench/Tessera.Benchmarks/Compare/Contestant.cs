namespace Tessera.Benchmarks.Compare;

/// <summary>One library at one task, and what it has shown so far.</summary>
internal sealed class Contestant(string name, IRunner runner, Request request)
{
    private readonly List<Reply> _replies = [];

    public string Name => name;

    /// <summary>Why it cannot do the task; it is not asked again then.</summary>
    public string? Failure { get; private set; }

    public IReadOnlyList<double> Costs => [.. _replies.Select(reply => reply.Cost)];

    /// <summary>The last round, for a person who waits.</summary>
    public string Last => Failure ?? Figure.Of(request, _replies[^1].Cost);

    public void Run(bool counts)
    {
        if (Failure is not null)
            return;
        try
        {
            Reply reply = runner.Run(request);
            if (counts)
                _replies.Add(reply);
        }
        catch (RunnerException exception)
        {
            Failure = exception.Message;
        }
    }

    /// <summary>The median of its rounds, and how good the first one's result is: seeds are fixed, so others give the same.</summary>
    public string Describe(Contestant tessera)
    {
        if (Failure is not null)
            return $"refused: {Failure}";
        string quality = tessera.Failure is null ? Judge.Describe(request, _replies[0], tessera._replies[0]) : "";
        string figure = Figure.Of(request, Clock.Median(Costs));
        return quality.Length > 0 ? $"{figure}, {quality}" : figure;
    }
}
