using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace Tessera.Server.Page;

/// <summary>The files of the page: those built into the assembly, read once, or those of a folder, read whenever they are asked for.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "wwwroot/";
    private const string Index = "index.html";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
        [".json"] = "application/json",
        [".webmanifest"] = "application/manifest+json",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, PageFile>? _builtIn;
    private readonly string? _folder;

    /// <param name="folder">A folder to read from; null for the files built in.</param>
    public PageFiles(string? folder)
    {
        _folder = folder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _builtIn = folder is null ? BuiltIn() : null;
    }

    /// <summary>The file at a path below the root; null where there is none.</summary>
    /// <param name="path">With '/', as in an address; empty for the page itself.</param>
    public PageFile? Find(string path)
    {
        if (path.Length == 0)
            path = Index;
        return _builtIn is not null ? _builtIn.GetValueOrDefault(path) : FromFolder(path);
    }

    private PageFile? FromFolder(string path)
    {
        string full = Path.GetFullPath(Path.Combine(_folder!, path));
        if (path.Contains('\\') || path.Contains('\0') || !full.StartsWith(_folder! + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return null;
        if (!ContentTypes.ContainsKey(Path.GetExtension(full)) || !File.Exists(full) || File.ResolveLinkTarget(full, returnFinalTarget: true) is not null)
            return null;
        return Make(full, File.ReadAllBytes(full));
    }

    private static FrozenDictionary<string, PageFile> BuiltIn()
    {
        Assembly own = typeof(PageFiles).Assembly;
        return own.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => Make(name, Read(own, name)), StringComparer.Ordinal);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream resource = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private static PageFile Make(string name, byte[] bytes) => new(
        bytes,
        ContentTypes.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"),
        $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
}
