namespace Tessera.Cli.Code;

/// <summary>What <c>code show</c> prints: an entity, or a cluster with its members.</summary>
internal sealed record CodeShowResult(CodeEntityRow? Entity, CodeClusterRow? Cluster, IReadOnlyList<CodeEntityRow>? Members);
