namespace Tessera.CodeMap.Storage;

/// <summary>How many records a layer has.</summary>
/// <param name="Layer">0 for entities, from 1 for clusters.</param>
/// <param name="Clusters">Records in it.</param>
public readonly record struct LayerCount(int Layer, int Clusters);
