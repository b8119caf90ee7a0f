namespace Tessera.Server.Systems;

/// <summary>What <c>/api/systems</c> answers.</summary>
internal sealed record SystemList(string Version, IReadOnlyList<SystemEntry> Systems);
