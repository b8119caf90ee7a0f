namespace Tessera.Benchmarks.Compare;

/// <summary>What the comparison was asked for.</summary>
internal sealed record CompareOptions
{
    /// <summary>Folder with what <c>prepare</c> made.</summary>
    public required string Data { get; init; }

    /// <summary>Threads of Tessera and the peers.</summary>
    public required int Threads { get; init; }

    /// <summary>Times that each task is given to each library.</summary>
    public required int Rounds { get; init; }

    /// <summary>Sections to run; all of them where none is named.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>Folder for the report.</summary>
    public required string Out { get; init; }

    /// <summary>The interpreter that has the peers.</summary>
    public required string Python { get; init; }
}
