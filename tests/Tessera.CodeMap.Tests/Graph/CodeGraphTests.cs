using Tessera.CodeMap.Graph;

namespace Tessera.CodeMap.Tests.Graph;

public class CodeGraphTests
{
    [Fact]
    public void Calls_creations_and_base_types_lead_to_what_they_name()
    {
        using var folder = new SourceFolder(
            ("a/Ship.cs", "class Ship : Vessel { void Sail() { Hoist(); new Anchor().Weigh(); Chart.Plot(1); } void Hoist() { } }"),
            ("b/Vessel.cs", "class Vessel { } class Anchor { public void Weigh() { } } static class Chart { public static int Plot(int x) => x + 1 + 2 + 3; }"));
        using CodeMapSnapshot map = folder.Build();

        Assert.Equal(
            ["Ship > Vessel 1", "Ship.Sail > Anchor 1", "Ship.Sail > Anchor.Weigh 1", "Ship.Sail > Chart 1", "Ship.Sail > Chart.Plot 1", "Ship.Sail > Ship.Hoist 1"],
            Edges(map).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_that_several_bear_means_the_nearest_ones_or_a_share_of_each()
    {
        using var folder = new SourceFolder(
            ("a/One.cs", "class One { void Run() { Go(); } void Go() { } }"),
            ("b/Two.cs", "class Two { void Go() { } }"),
            ("c/Three.cs", "class Three { void Start() { Go(); } }"));
        using CodeMapSnapshot map = folder.Build();

        Assert.Equal(["One.Run > One.Go 1", "Three.Start > One.Go 0.5", "Three.Start > Two.Go 0.5"], Edges(map).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_that_half_the_code_bears_says_nothing()
    {
        using var folder = new SourceFolder([.. Enumerable.Range(0, 12).Select(i => ($"{i}/Type{i}.cs", $"class Type{i} {{ void Close() {{ }} }}")), ("z/User.cs", "class User { void Stop() { Close(); } }")]);
        using CodeMapSnapshot map = folder.Build();

        Assert.Empty(Edges(map));
    }

    private static IEnumerable<string> Edges(CodeMapSnapshot map) =>
        map.Edges.Select(edge => FormattableString.Invariant($"{map.Entities[edge.From].DisplayName} > {map.Entities[edge.To].DisplayName} {edge.Weight}"));
}
