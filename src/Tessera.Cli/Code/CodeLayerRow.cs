namespace Tessera.Cli.Code;

/// <summary>How many records a layer has.</summary>
internal sealed record CodeLayerRow(int Layer, int Clusters);
