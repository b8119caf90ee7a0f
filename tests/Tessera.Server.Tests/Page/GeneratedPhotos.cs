using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Images;
using Tessera.Stores.Colors;

namespace Tessera.Server.Tests.Page;

/// <summary>Images of known palettes in three folders, indexed: what the page's tests and its benchmark search.</summary>
internal static class GeneratedPhotos
{
    private const int ImagesEach = 10;

    // Width and height in blocks of a planted image's pixels, as cameras hold them: landscape, portrait, wide, square.
    private static readonly (int Width, int Height)[] Shapes = [(64, 48), (44, 64), (64, 36), (64, 64)];
    private static readonly string[] Folders = ["beach", "city", "forest"];

    /// <summary>Writes images below a folder, and their index into another.</summary>
    /// <param name="folder">Where the images go.</param>
    /// <param name="index">Where the index goes.</param>
    /// <param name="count">How many; a multiple of 10.</param>
    /// <param name="zoom">How many pixels wide and high each pixel of the plan becomes.</param>
    public static void Write(string folder, string index, int count, int zoom)
    {
        foreach (string name in Folders)
            Directory.CreateDirectory(Path.Combine(folder, name));
        PlantedCollection planted = PlantedCollection.Generate(count / ImagesEach, ImagesEach, seed: 7);
        Parallel.For(0, planted.Images.Count, i =>
        {
            (int width, int height) = Shapes[i % Shapes.Length];
            byte[] pixels = Zoomed(planted.Images[i].Image, width, height, zoom);
            Png.Write(Path.Combine(folder, Folders[i % Folders.Length], $"image-{i:0000}.png"), pixels, width * zoom, height * zoom);
        });
        using SqliteImageCatalog catalog = ColorIndexFolder.OpenCatalog(index);
        new FolderIndexer(folder, catalog, new VipsImageDecoder()).Run();
        using ColorCollection collection = ColorIndexFolder.Open(index);
        collection.Save();
    }

    private static byte[] Zoomed(DecodedImage image, int width, int height, int zoom)
    {
        ReadOnlySpan<byte> source = image.Rgb.Span;
        var pixels = new byte[width * height * zoom * zoom * 3];
        for (int y = 0, at = 0; y < height * zoom; y++)
        {
            for (int x = 0; x < width * zoom; x++, at += 3)
                source.Slice(((y / zoom % image.Height * image.Width) + (x / zoom % image.Width)) * 3, 3).CopyTo(pixels.AsSpan(at));
        }

        return pixels;
    }
}
