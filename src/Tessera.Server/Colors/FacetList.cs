using Tessera.Colors.Collections;

namespace Tessera.Server.Colors;

/// <summary>What images are, counted.</summary>
internal sealed record FacetList(int Images, IReadOnlyList<FacetValue> Folders, IReadOnlyList<FacetValue> Classes, IReadOnlyList<FacetValue> Tags, IReadOnlyList<FacetValue> Years)
{
    private static readonly Dictionary<string, string> Swatches = new()
    {
        ["red"] = "#d62728",
        ["orange"] = "#f28c28",
        ["yellow"] = "#f2d024",
        ["green"] = "#3a9d4a",
        ["teal"] = "#1fa3a3",
        ["blue"] = "#2f6fd0",
        ["purple"] = "#8a4fc8",
        ["pink"] = "#f08cb4",
        ["brown"] = "#8a5a36",
        ["black"] = "#161616",
        ["grey"] = "#8c8c8c",
        ["white"] = "#f6f6f6",
    };

    public static FacetList Of(Facets facets) => new(facets.Images, Values(facets.Folders), [.. facets.Classes.Select(Class)], Values(facets.Tags), Values(facets.Years));

    private static FacetValue[] Values(IReadOnlyList<FacetCount> counts) => [.. counts.Select(count => new FacetValue(count.Value, count.Images))];

    private static FacetValue Class(FacetCount count)
    {
        string name = count.Value.ToLowerInvariant();
        return new FacetValue(name, count.Images, Swatches.GetValueOrDefault(name));
    }
}
