namespace Tessera.Benchmarks.Compare;

/// <summary>Searches of one index that differ in how much time they give for recall. Together they make a curve for each library.</summary>
/// <param name="Title">The data and the index, for a person.</param>
/// <param name="FileName">The plot's name, to be put behind that of the table.</param>
/// <param name="Knob">What is turned: probes or ef.</param>
/// <param name="Recalls">Where the curves are compared; where none is named, at the most that both of two libraries reach.</param>
internal sealed record TradeOff(string Title, string FileName, string Knob, IReadOnlyList<double> Recalls);
