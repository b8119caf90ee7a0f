namespace Tessera.Server.Trees;

/// <summary>A node on the way to another.</summary>
internal sealed record TreeStep(string Id, string Label);
