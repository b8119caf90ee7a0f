namespace Tessera.Server.Hosting;

/// <summary>An error as RFC 9457 has it.</summary>
internal sealed record Problem(string Title, int Status, string Detail);
