using Tessera.Colors.Collections;
using Tessera.Colors.Images;
using Tessera.Indexes;
using Tessera.Stores.Colors;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Serve;

/// <summary>A folder with something of every kind to serve, made from a seed but for images and sources.</summary>
internal sealed class ServedFiles : IDisposable
{
    public const int Dimension = 64;
    private const int Vectors = 20_000, Items = 5_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-serve-").FullName;

    /// <param name="images">A folder of images to index; null for none.</param>
    public ServedFiles(string? images)
    {
        var random = new SeededRandom(1);
        var values = new float[Vectors * Dimension];
        foreach (ref float value in values.AsSpan())
            value = (float)random.NextNormal();
        foreach (string specification in (string[])["IVF64,Flat", "Tree3x8"])
        {
            using VectorIndex index = IndexFactory.Create(specification, Dimension);
            var vectors = new Matrix(values, Dimension);
            index.Train(vectors);
            index.Add(vectors);
            index.Save(specification[0] == 'T' ? Tree : Lists);
        }

        File.WriteAllLines(Ids, Enumerable.Range(0, Items).Select(i => $"item {i}\t{random.Next(16)}-{random.Next(16)}-{random.Next(16)}"));
        if (images is not null)
        {
            Colors = Path.Combine(_folder, "images.colors");
            SqliteImageCatalog catalog = ColorIndexFolder.OpenCatalog(Colors);
            Images = new FolderIndexer(images, catalog, new VipsImageDecoder()).Run().Added;
            using ColorCollection collection = ColorCollection.Open(catalog, Colors);
            collection.Save();
        }
    }

    public string Lists => Path.Combine(_folder, "lists.tsr");

    public string Tree => Path.Combine(_folder, "tree.tsr");

    public string Ids => Path.Combine(_folder, "items.tsv");

    /// <summary>The index of the images; null where there are none.</summary>
    public string? Colors { get; }

    public int Images { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
