namespace Tessera.CodeMap.Storage;

/// <summary>How <see cref="StoredMapBuilder"/> builds.</summary>
public sealed record StoredMapOptions
{
    /// <summary>The defaults.</summary>
    public static StoredMapOptions Default { get; } = new();

    /// <summary>Settings of the map; its repository is the one that each build names.</summary>
    public CodeMapOptions Map { get; init; } = CodeMapOptions.Default;

    /// <summary>Says which of several builds of one map is the newest, for workers that may be cut off and come back: a build with a lower token than the store has seen is refused. 0 (default) for a build that nobody else does.</summary>
    public long Token { get; init; }

    /// <summary>The commit that is mapped, to be kept with the map; null (default) where nobody says.</summary>
    public string? Commit { get; init; }

    /// <summary>Whether to build from nothing even where the map before could be followed (default false).</summary>
    public bool IsFresh { get; init; }

    /// <summary>Told how far a build is, from any thread; null (default) for nobody.</summary>
    public IProgress<CodeMapProgress>? Progress { get; init; }
}
