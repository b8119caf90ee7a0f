using System.Reflection;
using Tessera.Music.Packs;

namespace Tessera.Music;

/// <summary>A handful of grooves and melodies that come with the library, to try things on: rock (halftime, punk), jazz (waltz), pop (dance_pop). Free of any rights.</summary>
public static class StarterPacks
{
    private const string Prefix = "StarterPacks/";

    /// <summary>Writes the packs into a folder, which is made where there is none.</summary>
    /// <param name="folder">The folder; files of the same names are replaced.</param>
    public static void WriteTo(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Assembly own = typeof(StarterPacks).Assembly;
        foreach (string name in own.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            string path = Path.Combine([folder, .. name[Prefix.Length..].Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using Stream resource = own.GetManifestResourceStream(name)!;
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            WholeFile.Write(path, bytes);
        }
    }

    /// <summary>The patterns of the packs.</summary>
    public static StylePacks Load()
    {
        string folder = Directory.CreateTempSubdirectory("tessera-starter-").FullName;
        try
        {
            WriteTo(folder);
            return StylePacks.Load(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
