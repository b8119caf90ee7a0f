using Tessera.Server.Trees;

namespace Tessera.Server.Code;

/// <summary>A cluster that answers a question.</summary>
internal sealed record ClusterEntry(string Node, string Label, int Size, float Score, string Folder, IReadOnlyList<TreeStep> Path);
