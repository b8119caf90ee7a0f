namespace Tessera.Cli.Code;

/// <summary>How often one mode found the right folder: as the first, and among the first three.</summary>
internal sealed record CodeBroadRow(string Mode, int First, int Found, double Mrr);
