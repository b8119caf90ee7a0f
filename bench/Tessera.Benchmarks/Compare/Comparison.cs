namespace Tessera.Benchmarks.Compare;

/// <summary>Gives each task to Tessera and the peers in turn, A B A B, so that what slows the machine down for a while slows all of them.</summary>
internal sealed class Comparison(IRunner tessera, IReadOnlyList<IRunner> peers, int rounds, TextWriter progress)
{
    /// <summary>Tessera's name among the contestants.</summary>
    public string Tessera => tessera.Name;

    /// <summary>Runs one line's task as often as its rounds.</summary>
    public Outcome Run(Work work)
    {
        Contestant[] contestants = [.. Contestants(work)];
        if (work.WarmUp)
        {
            foreach (Contestant contestant in contestants)
                contestant.WarmUp();
        }

        for (int round = 0; round < (work.Once ? 1 : rounds); round++)
        {
            foreach (Contestant contestant in contestants)
            {
                contestant.Run();
                progress.WriteLine($"{work.Title}: {contestant.Name}, {contestant.Last}");
            }
        }

        return new Outcome(work, contestants);
    }

    private IEnumerable<Contestant> Contestants(Work work)
    {
        yield return new Contestant(tessera.Name, tessera, work.Request);
        if (work.AgainstOneThread)
        {
            yield return new Contestant($"{tessera.Name}, 1 thread", tessera, work.Request with { Threads = 1 });
            yield break;
        }

        foreach (IRunner peer in peers)
        {
            foreach (string method in peer.Methods(work.Request.Task).Where(method => method != work.Without))
                yield return new Contestant($"{peer.Name} {method}".TrimEnd(), peer, work.Request with { Method = method });
        }
    }
}
