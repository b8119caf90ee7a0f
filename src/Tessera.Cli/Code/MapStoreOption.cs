using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.CodeMap;
using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code;

/// <summary>Which store, and which map in it.</summary>
internal static class MapStoreOption
{
    private const string Folder = ".tessera";
    private const string File = "code.db";

    public static Option<string?> Create() => new("--store")
    {
        Description = $"Where maps are kept: {CodeMapStores.Syntax} (default sqlite:{Folder}/{File} in the folder that is mapped, and found from there and below).",
        HelpName = "STORE",
    };

    public static Option<string?> Repository() => new("--repo")
    {
        Description = "The repository's name (default: the only one in the store, or the map over all).",
        HelpName = "NAME",
    };

    /// <summary>The store that is named, or the one of a folder that is mapped, which is made where it is not there.</summary>
    public static Task<ICodeMapStore> OpenForBuildAsync(string? store, string root, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            string folder = Path.Combine(root, Folder);
            Directory.CreateDirectory(folder);
            string ignore = Path.Combine(folder, ".gitignore");
            if (!System.IO.File.Exists(ignore))
                System.IO.File.WriteAllText(ignore, "*\n");
            store = $"sqlite:{Path.Combine(folder, File)}";
        }

        return OpenAsync(store, cancellationToken);
    }

    /// <summary>The store that is named, or the nearest one in this folder and those around it.</summary>
    public static Task<ICodeMapStore> OpenForReadingAsync(string? store, CancellationToken cancellationToken)
    {
        for (DirectoryInfo? folder = new(Directory.GetCurrentDirectory()); store is null && folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, Folder, File);
            if (System.IO.File.Exists(path))
                store = $"sqlite:{path}";
        }

        if (store is null)
            throw new FailureException($"there is no map in this folder or those around it; make one by 'tessera code build PATH', or name its store by --store.");
        if (store.StartsWith("sqlite:", StringComparison.Ordinal) && !System.IO.File.Exists(store["sqlite:".Length..]))
            throw new FailureException($"{store["sqlite:".Length..]}: no such file; make a map by 'tessera code build PATH --store {store}'.");
        return OpenAsync(store, cancellationToken);
    }

    /// <summary>The store that is named.</summary>
    public static async Task<ICodeMapStore> OpenAsync(string store, CancellationToken cancellationToken)
    {
        try
        {
            return await CodeMapStores.OpenAsync(store, cancellationToken).ConfigureAwait(false);
        }
        catch (FormatException)
        {
            throw new UsageException($"--store is '{store}'; give {CodeMapStores.Syntax}.");
        }
    }

    /// <summary>Opens the map that is named, or the only one, or the one over all repositories.</summary>
    public static async Task<CodeMapSnapshot> OpenMapAsync(ICodeMapStore store, string? repository, IEntityEmbedder? embedder, CancellationToken cancellationToken)
    {
        string name = await CodeMapReader.ChooseAsync(store, repository, cancellationToken).ConfigureAwait(false);
        return await CodeMapReader.OpenAsync(store, name, embedder, cancellationToken).ConfigureAwait(false)
            ?? throw new FailureException($"{store.Name}: the map is gone.");
    }
}
