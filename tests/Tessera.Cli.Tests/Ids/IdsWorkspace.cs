using System.Globalization;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Ids;

/// <summary>Vectors, texts and a model that the tests of the ids commands share.</summary>
public sealed class IdsWorkspace : IDisposable
{
    private readonly Workspace _workspace = new();

    public IdsWorkspace()
    {
        Vectors = _workspace.WriteClustered("base.npy", 1500, 12, 1);
        Model = _workspace["model"];
        CommandLine.Run("ids", "fit", Vectors, "--levels", "3", "--clusters", "8", "--out", Model, "--json").Json();
        Products = _workspace["products.jsonl"];
        string[] kinds = ["hammer", "pump", "lamp", "rope", "filter"], makers = ["Stark", "Weber", "Olsen"];
        File.WriteAllLines(Products, Enumerable.Range(0, 120).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id": "P{{i}}", "title": "{{makers[i % 3]}} {{kinds[i % 5]}} {{i % 7}} inch", "description": "A {{kinds[i % 5]}} for daily work."}""")));
        ProductModel = _workspace["product-model"];
        CommandLine.Run("ids", "fit", Products, "--levels", "2", "--clusters", "6", "--dimension", "64", "--out", ProductModel, "--json").Json();
    }

    public string Vectors { get; }

    public string Model { get; }

    public string Products { get; }

    public string ProductModel { get; }

    public void Dispose() => _workspace.Dispose();
}
