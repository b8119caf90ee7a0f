using Tessera.Server.Hosting;

namespace Tessera.Server.Loading;

/// <summary>All that the server was told to serve. Nothing is loaded before <see cref="LoadAll"/>.</summary>
internal sealed class ServedSystems : IDisposable
{
    private readonly List<ServedSystem> _all = [];

    public IReadOnlyList<ServedSystem> All => _all;

    /// <summary>Adds a system under a name that no other one of its kind has.</summary>
    /// <param name="kind">colors, code, index, ids or music.</param>
    /// <param name="path">The file or folder, whose name becomes the system's.</param>
    /// <param name="open">Loads it.</param>
    public void Add(string kind, string path, Func<CancellationToken, IServedContent> open)
    {
        string name = NameOf(path);
        string unique = name;
        for (int i = 2; _all.Any(system => system.Name == unique); i++)
            unique = $"{name}-{i}";
        _all.Add(new ServedSystem(kind, unique, path, open));
    }

    /// <summary>The system of a kind and name; of a kind alone, the first.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public ServedSystem Find(string kind, string? name = null) =>
        _all.FirstOrDefault(system => system.Kind == kind && (name is null || system.Name == name))
        ?? throw RequestException.NotFound(
            _all.All(system => system.Kind != kind) ? $"No {kind} is served; give it to 'tessera serve'."
            : $"There is no {kind} named '{Check.Shown(name!)}'; there are {string.Join(", ", _all.Where(system => system.Kind == kind).Select(system => system.Name))}.");

    /// <summary>The system of a name.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public ServedSystem Named(string name) => _all.FirstOrDefault(system => system.Name == name)
        ?? throw RequestException.NotFound($"Nothing named '{Check.Shown(name)}' is served; /api/systems says what is.");

    /// <summary>Loads one after the other: what is first on the command line is there first, and searches find a processor meanwhile.</summary>
    public void LoadAll(CancellationToken cancellationToken)
    {
        foreach (ServedSystem system in _all)
            system.Load(cancellationToken);
    }

    public void Dispose()
    {
        foreach (ServedSystem system in _all)
            system.Dispose();
    }

    /// <summary>The last part of a path without its extension, in letters that need no escape in an address.</summary>
    private static string NameOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path));
        name = new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')]).Trim('-').ToLowerInvariant();
        return name.Length == 0 ? "unnamed" : name;
    }
}
