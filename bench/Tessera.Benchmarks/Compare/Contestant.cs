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

    /// <summary>Its rounds as a point of a curve.</summary>
    public CurvePoint Point => new(Math.Max(request.Probes, request.Ef), Judge.Recall(request, _replies[0].Ids), Costs);

    /// <summary>Runs the task without counting it.</summary>
    public void WarmUp() => Try(request);

    /// <summary>Runs the task once more, from another seed each time.</summary>
    public void Run()
    {
        if (Try(request with { Seed = request.Seed + _replies.Count }) is Reply reply)
            _replies.Add(reply);
    }

    /// <summary>The median of its rounds, and how good its results are.</summary>
    public string Describe(Contestant tessera)
    {
        if (Failure is not null)
            return $"refused: {Failure}";
        string quality = tessera.Failure is null ? Judge.Describe(request, _replies, tessera._replies) : "";
        string figure = Figure.Of(request, Clock.Median(Costs));
        return quality.Length > 0 ? $"{figure}, {quality}" : figure;
    }

    private Reply? Try(Request seeded)
    {
        if (Failure is not null)
            return null;
        try
        {
            return runner.Run(seeded);
        }
        catch (RunnerException exception)
        {
            Failure = exception.Message;
            return null;
        }
    }
}
