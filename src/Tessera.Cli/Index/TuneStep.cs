namespace Tessera.Cli.Index;

/// <summary>One setting that <c>index tune</c> tried.</summary>
internal readonly record struct TuneStep(int Probes, double Recall);
