using System.Globalization;

namespace Tessera.CodeMap.Storage;

/// <summary>The reference's ids: <c>hirag::layer{N}::{number}</c> over all repositories, with <c>::repo::{name}</c> after it for one. They are read whole, never by a part: <c>layer1</c> is not <c>layer10</c>.</summary>
/// <param name="Layer">0 for entities, from 1 for clusters.</param>
/// <param name="Number">The number in the layer.</param>
/// <param name="Map">The repository, or <see cref="MapHead.Global"/>.</param>
public readonly record struct ClusterId(int Layer, int Number, string Map)
{
    private const string Beginning = "hirag::layer";
    private const string BeforeRepository = "::repo::";

    /// <summary>Reads an id.</summary>
    /// <param name="text">Such as <c>hirag::layer1::5::repo::tessera</c>.</param>
    /// <param name="id">What it says.</param>
    /// <returns>False where it is no such id.</returns>
    public static bool TryParse(string? text, out ClusterId id)
    {
        id = default;
        if (text is null || !text.StartsWith(Beginning, StringComparison.Ordinal))
            return false;
        string rest = text[Beginning.Length..];
        string map = MapHead.Global;
        int repository = rest.IndexOf(BeforeRepository, StringComparison.Ordinal);
        if (repository >= 0)
        {
            map = rest[(repository + BeforeRepository.Length)..];
            rest = rest[..repository];
            if (map.Length == 0)
                return false;
        }

        string[] numbers = rest.Split("::");
        if (numbers.Length != 2
            || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
            || !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return false;
        id = new ClusterId(layer, number, map);
        return true;
    }

    /// <summary>The id as it is written.</summary>
    public override string ToString()
    {
        string repository = Map == MapHead.Global ? "" : BeforeRepository + Map;
        return string.Create(CultureInfo.InvariantCulture, $"{Beginning}{Layer}::{Number}{repository}");
    }
}
