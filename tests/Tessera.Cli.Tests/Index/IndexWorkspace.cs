using System.Text.Json;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

/// <summary>A base of 2,000 vectors of dimension 16, 40 queries like them, and the indexes that the tests of the verbs start from. Built once; nobody writes over them.</summary>
public sealed class IndexWorkspace : IDisposable
{
    private readonly Workspace _workspace = new();

    public IndexWorkspace()
    {
        Base = _workspace.WriteClustered("base.npy", 2000, 16, 1);
        Queries = _workspace.WriteClustered("queries.npy", 40, 16, 2);
        Flat = Build("Flat", "flat.tsr");
        Ivf = Build("IVF20,PQ8", "ivf.tsr");
    }

    public string Base { get; }

    public string Queries { get; }

    /// <summary>An exact index.</summary>
    public string Flat { get; }

    /// <summary>An inverted file of 20 lists.</summary>
    public string Ivf { get; }

    internal JsonElement BuiltFlat { get; private set; }

    internal JsonElement BuiltIvf { get; private set; }

    internal Workspace Files => _workspace;

    public void Dispose() => _workspace.Dispose();

    private string Build(string spec, string file)
    {
        var result = CommandLine.Run("index", "build", Base, "--spec", spec, "--out", _workspace[file], "--json", "--quiet").Json();
        if (spec == "Flat")
            BuiltFlat = result;
        else
            BuiltIvf = result;
        return _workspace[file];
    }
}
