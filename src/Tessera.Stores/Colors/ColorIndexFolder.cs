using Tessera.Colors.Collections;
using Tessera.Storage;

namespace Tessera.Stores.Colors;

/// <summary>A folder that holds the index of a collection of images: its catalogue (<c>catalog.db</c>) and the files that searches map.</summary>
public static class ColorIndexFolder
{
    private const string CatalogName = "catalog.db";

    /// <summary>Opens the collection that was indexed into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">There is no index in the folder.</exception>
    /// <exception cref="TesseraFormatException">The catalogue is damaged, or something else.</exception>
    public static ColorCollection Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, CatalogName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{folder}: no index of images; make one by 'tessera colors index'.", folder);
        return ColorCollection.Open(new SqliteImageCatalog(path), folder);
    }

    /// <summary>Opens the catalogue of a folder, which is made where there is none.</summary>
    /// <param name="folder">The folder.</param>
    public static SqliteImageCatalog OpenCatalog(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        return new SqliteImageCatalog(Path.Combine(folder, CatalogName));
    }
}
