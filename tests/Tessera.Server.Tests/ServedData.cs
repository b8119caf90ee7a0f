using Tessera.Colors.Collections;
using Tessera.Colors.Images;
using Tessera.Indexes;
using Tessera.Stores.Colors;
using Tessera.Vectors;

namespace Tessera.Server.Tests;

/// <summary>A little of everything that a server can serve, made in a folder.</summary>
internal static class ServedData
{
    public const int Dimension = 8;
    public const int Vectors = 400;
    public const int Items = 300;
    public const int Images = 30;

    public static string? NoImages => VipsImageDecoder.Unavailable;

    public static ServerOptions Make(TemporaryFolder folder)
    {
        BuildIndex(folder["lists.tsr"], "IVF8,Flat");
        BuildIndex(folder["tree.tsr"], "Tree2x4");
        BuildIndex(folder["flat.tsr"], "Flat");
        var random = new SeededRandom(7);
        File.WriteAllLines(folder["items.tsv"], Enumerable.Range(0, Items).Select(i => $"item {i}\t{random.Next(4)}-{random.Next(6)}-{i}"));
        WriteSources(folder["sources"]);
        if (NoImages is null)
            IndexImages(folder["images"], folder["images.colors"]);
        return new ServerOptions
        {
            Port = 0,
            Colors = NoImages is null ? folder["images.colors"] : null,
            Indexes = [folder["lists.tsr"], folder["tree.tsr"], folder["flat.tsr"]],
            Ids = [folder["items.tsv"]],
            Code = [folder["sources"]],
            StarterPacks = true,
        };
    }

    public static float[] Vector(ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, Dimension).Select(_ => (float)random.NextDouble())];
    }

    private static void BuildIndex(string path, string specification)
    {
        var vectors = new Matrix((float[])[.. Enumerable.Range(0, Vectors).SelectMany(i => Vector((ulong)i))], Dimension);
        using VectorIndex index = IndexFactory.Create(specification, Dimension);
        index.Train(vectors);
        index.Add(vectors);
        index.Save(path);
    }

    private static void WriteSources(string folder)
    {
        Directory.CreateDirectory(folder);
        string[] subjects = ["Parser", "Lexer", "Token", "Socket", "Packet", "Router", "Matrix", "Vector", "Cluster", "Painter", "Canvas", "Brush"];
        foreach (string subject in subjects)
        {
            string members = string.Join("\n", Enumerable.Range(0, 6).Select(i => $"    /// <summary>Makes {subject} number {i}.</summary>\n    public int Make{subject}{i}(int {subject.ToLowerInvariant()}) => {subject.ToLowerInvariant()} + {i};"));
            File.WriteAllText(Path.Combine(folder, $"{subject}.cs"), $"namespace Sample;\n\n/// <summary>What a {subject} is.</summary>\npublic class {subject}\n{{\n{members}\n}}\n");
        }
    }

    private static void IndexImages(string folder, string index)
    {
        (byte, byte, byte)[] colors = [(230, 30, 30), (30, 160, 60), (40, 70, 220), (250, 250, 250), (10, 10, 10), (250, 150, 20)];
        for (int i = 0; i < Images; i++)
        {
            string sub = Path.Combine(folder, i % 2 == 0 ? "even" : "odd");
            Directory.CreateDirectory(sub);
            File.WriteAllBytes(Path.Combine(sub, $"{i:00}.png"), PngImage.Striped(40 + i, 30, colors[i % 6], colors[i % 6], colors[(i / 6 + i) % 6]));
        }

        SqliteImageCatalog catalog = ColorIndexFolder.OpenCatalog(index);
        new FolderIndexer(folder, catalog, new VipsImageDecoder()).Run();
        using ColorCollection collection = ColorCollection.Open(catalog, index);
        collection.Save();
    }
}
