namespace Tessera.CodeMap.Retrieval;

/// <summary>A question about where something lives.</summary>
/// <param name="Question">The question.</param>
/// <param name="Folders">Folders that answer it, relative to the map's root with '/'; what lies beneath one answers too.</param>
public sealed record BroadQuestion(string Question, IReadOnlyList<string> Folders);
