namespace Tessera.Attention.Traces;

/// <summary>What a way of choosing keys gave for one query.</summary>
/// <param name="Output">The output of attention.</param>
/// <param name="Scored">Keys, means and bounds that were scored.</param>
/// <param name="LogWeight">As in <see cref="HeadReport"/>.</param>
public sealed record TraceAnswer(IReadOnlyList<float> Output, int Scored, double LogWeight);
