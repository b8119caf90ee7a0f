namespace Tessera.Cli.Code;

/// <summary>One mode of <c>code eval</c>.</summary>
internal sealed record CodeEvalRow(string Mode, double Recall, double Mrr);
