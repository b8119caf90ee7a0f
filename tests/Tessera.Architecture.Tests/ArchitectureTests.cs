namespace Tessera.Architecture.Tests;

/// <summary>Arrows run one way: Engine &lt;- systems &lt;- Stores &lt;- Cli, Server. Read from the compiled assemblies.</summary>
public sealed class ArchitectureTests
{
    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    public static TheoryData<string> Projects() => [.. ProductAssembly.All.Select(assembly => assembly.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_to_lower_layers_only(string project)
    {
        ProductAssembly assembly = Find(project);

        Assert.All(Products(assembly), other => Assert.True(
            other.Layer < assembly.Layer, $"{assembly.Project} ({assembly.Layer}) refers to {other.Project} ({other.Layer})."));
    }

    [Fact]
    public void The_engine_refers_to_nothing_but_the_framework()
    {
        ProductAssembly engine = Find("Tessera");

        Assert.NotEmpty(engine.References);
        Assert.All(engine.References, name => Assert.True(
            File.Exists(Path.Combine(FrameworkFolder, name + ".dll")), $"{name} is no part of Microsoft.NETCore.App."));
    }

    [Fact]
    public void Every_layer_above_the_engine_uses_it()
    {
        // Were the references read wrongly, none of the rules above could fail.
        Assert.All(ProductAssembly.All.Where(assembly => assembly.Layer is Layer.System or Layer.Cli), assembly =>
            Assert.Contains("Tessera", assembly.References));
    }

    [Fact]
    public void Assembly_names_differ_in_more_than_case()
    {
        // tessera.dll beside Tessera.dll: one overwrites the other on Windows, and the runtime takes them for one everywhere.
        Assert.Distinct(ProductAssembly.All.Select(assembly => assembly.Name), StringComparer.OrdinalIgnoreCase);
    }

    private static ProductAssembly Find(string project) => ProductAssembly.All.Single(assembly => assembly.Project == project);

    /// <summary>The assemblies of src/ that one refers to.</summary>
    private static IEnumerable<ProductAssembly> Products(ProductAssembly assembly) =>
        assembly.References.Select(name => ProductAssembly.All.SingleOrDefault(other => other.Name == name)).OfType<ProductAssembly>();
}
