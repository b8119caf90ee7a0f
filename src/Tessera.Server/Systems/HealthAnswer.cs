namespace Tessera.Server.Systems;

/// <summary>What <c>/health</c> answers: ok, loading, or degraded where something could not be loaded.</summary>
internal sealed record HealthAnswer(string Status);
