namespace Tessera.Benchmarks.Large;

/// <summary>What <c>large</c> measures.</summary>
internal sealed record LargeOptions
{
    public required int Vectors { get; init; }

    public required int Dimension { get; init; }

    public required string Specification { get; init; }

    public required int Queries { get; init; }

    /// <summary>Folder for the index and the vectors on their way to it.</summary>
    public required string Folder { get; init; }

    /// <summary>Folder for the table.</summary>
    public required string Out { get; init; }
}
