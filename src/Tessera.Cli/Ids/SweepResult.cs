namespace Tessera.Cli.Ids;

/// <summary>What <c>ids sweep</c> prints.</summary>
internal sealed record SweepResult(int Items, int Dimension, IReadOnlyList<SweepRow> Rows);
