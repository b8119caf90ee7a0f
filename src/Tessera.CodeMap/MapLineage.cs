using Tessera.CodeMap.Entities;

namespace Tessera.CodeMap;

/// <summary>What ties a map to those that it follows on.</summary>
/// <param name="Numbers">The number of each entity: given once, kept while the entity lives, never given again.</param>
/// <param name="NextNumber">The number that the next new entity gets.</param>
/// <param name="Fitted">Entities when words were weighed and layers clustered from nothing.</param>
/// <param name="Drift">Entities that came, went or changed since then.</param>
internal sealed record MapLineage(int[] Numbers, int NextNumber, int Fitted, int Drift)
{
    /// <summary>Gives numbers to entities: those that they had in the map before, or new ones.</summary>
    public static MapLineage Of(IReadOnlyList<CodeEntity> entities, CodeMapSnapshot? before, int fitted, int drift)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < (before?.Entities.Count ?? 0); i++)
            known[before!.Entities[i].Id] = before.Lineage.Numbers[i];
        int next = before?.Lineage.NextNumber ?? 0;
        var numbers = new int[entities.Count];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = known.TryGetValue(entities[i].Id, out int number) ? number : next++;
        return new MapLineage(numbers, next, fitted, drift);
    }
}
