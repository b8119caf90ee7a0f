namespace Tessera.Cli.Music;

/// <summary>What <c>music sample</c> prints.</summary>
internal sealed record SampleResult(int Tokens, int Bars, int Notes, double Seconds, int? LongestCopy, string? CopySource, int? CopyBar, string Text);
