namespace Tessera.Cli.Code;

/// <summary>What <c>code layers</c> prints.</summary>
internal sealed record CodeLayersResult(string Store, string Repo, long Generation, string? Commit, IReadOnlyList<CodeLayerRow> Layers, string Reason, string Termination);
