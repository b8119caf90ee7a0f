namespace Tessera.Cli.Music;

/// <summary>What <c>music show</c> prints.</summary>
internal sealed record ShowResult(int Notes, double Seconds, int Bars, IReadOnlyList<string> Meters, IReadOnlyList<double> BeatsPerMinute, IReadOnlyList<string> Programs, int LowestPitch, int HighestPitch);
