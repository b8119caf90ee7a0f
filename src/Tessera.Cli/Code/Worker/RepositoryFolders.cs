using Tessera.Cli.Hosting;

namespace Tessera.Cli.Code.Worker;

/// <summary>Finds repositories by their names: a folder of that name below one of the folders, or one of the folders itself.</summary>
internal sealed class RepositoryFolders
{
    private readonly string[] _folders;

    public RepositoryFolders(IEnumerable<string> folders)
    {
        _folders = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        string? missing = _folders.FirstOrDefault(folder => !Directory.Exists(folder));
        if (missing is not null)
            throw new FailureException($"--repos {missing}: there is no such folder; check the path.");
    }

    /// <exception cref="FailureException">There is no such repository.</exception>
    public string Find(string repo) =>
        _folders.Select(folder => Path.Combine(folder, repo)).FirstOrDefault(Directory.Exists)
        ?? _folders.FirstOrDefault(folder => Path.GetFileName(folder) == repo)
        ?? throw new FailureException($"there is no repository '{repo}' in {string.Join(", ", _folders)}");
}
