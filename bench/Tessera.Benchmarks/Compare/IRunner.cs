namespace Tessera.Benchmarks.Compare;

/// <summary>One library that does what it is asked to and takes the time itself, with its data loaded and its code warm.</summary>
internal interface IRunner : IDisposable
{
    string Name { get; }

    string Version { get; }

    /// <summary>How it was built or what it found on this machine.</summary>
    IReadOnlyList<string> About { get; }

    /// <summary>What it runs on, with versions; peers may share it.</summary>
    IReadOnlyList<string> Beneath { get; }

    /// <summary>The ways in which the library does a task; none where it does not.</summary>
    IReadOnlyList<string> Methods(TaskKind task);

    /// <exception cref="RunnerException">The library refused.</exception>
    Reply Run(Request request);
}
