using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Tessera.Architecture.Tests;

/// <summary>A project of src/ and what its compiled assembly refers to.</summary>
/// <param name="Project">The project's name, which says its layer.</param>
/// <param name="Name">The assembly's name.</param>
/// <param name="References">Names of the assemblies that it refers to.</param>
public sealed record ProductAssembly(string Project, string Name, IReadOnlyList<string> References)
{
    /// <summary>All projects of src/, as they were compiled for this test run.</summary>
    public static IReadOnlyList<ProductAssembly> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>Its place in the house; an assembly may refer to those of lower layers only.</summary>
    public Layer Layer => Project switch
    {
        "Tessera" => Layer.Engine,
        "Tessera.Stores" => Layer.Stores,
        "Tessera.Server" => Layer.Server,
        "Tessera.Cli" => Layer.Cli,
        _ => Layer.System,
    };

    private static ProductAssembly Read(string projectFile)
    {
        string project = Path.GetFileNameWithoutExtension(projectFile);
        string name = XDocument.Load(projectFile).Descendants("AssemblyName").SingleOrDefault()?.Value ?? project;
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll")));
        MetadataReader metadata = file.GetMetadataReader();
        return new ProductAssembly(project, name, [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))]);
    }
}
