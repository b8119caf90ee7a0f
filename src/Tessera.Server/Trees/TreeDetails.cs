namespace Tessera.Server.Trees;

/// <summary>A node, the way to it, and who is in it.</summary>
internal sealed record TreeDetails(
    string Id, string Label, string Summary, string Kind, int Size, int Layer, IReadOnlyList<string>? Words, string? Source,
    IReadOnlyList<TreeStep> Path, int Total, int Offset, IReadOnlyList<TreeMember> Members);
