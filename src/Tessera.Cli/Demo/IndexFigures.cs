namespace Tessera.Cli.Demo;

/// <summary>One index at one setting.</summary>
/// <param name="Spec">Its factory string.</param>
/// <param name="Probes">Lists visited; 1 for an index without lists.</param>
/// <param name="Lists">Lists in all.</param>
/// <param name="BytesPerVector">Bytes of one vector's code.</param>
/// <param name="MeasuredBytesPerVector">Everything that the index holds, for each vector.</param>
/// <param name="Recall">k-recall@10 against the exact answers.</param>
/// <param name="Qps">Single queries in a second, on one thread.</param>
internal sealed record IndexFigures(
    string Spec, int Probes, int Lists, double BytesPerVector, double MeasuredBytesPerVector, double Recall, double Qps);
