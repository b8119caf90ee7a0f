using System.Text.Json.Serialization;
using Tessera.Benchmarks.Data;

namespace Tessera.Benchmarks.Compare;

/// <summary>One task with its settings, the same for every library; peers get it as JSON.</summary>
/// <param name="Task">What is to be done.</param>
/// <param name="Data">With what; peers get the paths of its files.</param>
internal sealed record Request(TaskKind Task, [property: JsonIgnore] DataSet Data)
{
    public string BasePath => Data.BasePath;

    public string QueryPath => Data.QueryPath;

    /// <summary>Which of the library's ways to do it.</summary>
    public string Method { get; init; } = "";

    public int Clusters { get; init; }

    public int Iterations { get; init; }

    public int Lists { get; init; }

    public int Subquantizers { get; init; }

    public int Probes { get; init; }

    /// <summary>Queries that are taken, from the first on.</summary>
    public int QueryCount { get; init; } = 1000;

    /// <summary>Answers to each query.</summary>
    public int Neighbours { get; init; } = 10;

    public int Seed { get; init; } = 42;

    public int Threads { get; init; } = 1;

    /// <summary>Searches are repeated until they have taken so long together; the time of one is their median.</summary>
    public double Seconds { get; init; } = 0.5;
}
