namespace Tessera.CodeMap.Storage;

/// <summary>What a build did.</summary>
/// <param name="Map">The map as it is now. Whoever gets it disposes it.</param>
/// <param name="Head">Its head in the store.</param>
/// <param name="IsIncremental">Whether it followed on the map before.</param>
/// <param name="FilesRead">Files that were new or different.</param>
/// <param name="EntitiesPut">Entities that were written: new, different, or on other lines.</param>
/// <param name="EntitiesRemoved">Entities that are gone.</param>
/// <param name="ClustersPut">Clusters that were written.</param>
/// <param name="Opening">Time it took to open the map before.</param>
/// <param name="Storing">Time that the store took.</param>
public sealed record BuildReport(
    CodeMapSnapshot Map, MapHead Head, bool IsIncremental, int FilesRead, int EntitiesPut, int EntitiesRemoved, int ClustersPut, TimeSpan Opening, TimeSpan Storing);
