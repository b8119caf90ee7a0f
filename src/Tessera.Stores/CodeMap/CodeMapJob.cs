using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tessera.Stores.CodeMap;

/// <summary>What a worker is asked for: the map of one repository.</summary>
/// <param name="Repo">The repository; null for the layers over all repositories of the store.</param>
/// <param name="Commit">The commit to map; null for what lies in the repository's folder.</param>
/// <param name="K">Clusters of each layer; 0 (default) for the square root of the items.</param>
/// <param name="MinClusters">Items that a layer must have for another one to be built over it, at least 1 (default 3).</param>
public sealed record CodeMapJob(string? Repo = null, string? Commit = null, int K = 0, int MinClusters = 3)
{
    /// <summary>Equal for jobs that ask for the same: a hash of repository, commit and parameters.</summary>
    [JsonIgnore]
    public string Key
    {
        get
        {
            string asked = string.Join('\n', Repo, Commit, K.ToString(CultureInfo.InvariantCulture), MinClusters.ToString(CultureInfo.InvariantCulture));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)).AsSpan(0, 16));
        }
    }

    /// <summary>Reads a job as it stands in the queue: <c>{"repo":"..","commit":"..","k":0,"min_clusters":3}</c>, of which all may be left out. Other fields are passed over.</summary>
    /// <param name="json">Its text.</param>
    /// <exception cref="FormatException">It is no job; the message says why.</exception>
    public static CodeMapJob Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        CodeMapJob job;
        try
        {
            job = JsonSerializer.Deserialize(json, CodeMapJobJson.Default.CodeMapJob) ?? throw new FormatException("the job is null");
        }
        catch (JsonException problem)
        {
            throw new FormatException($"the job is not the JSON asked for: {problem.Message}", problem);
        }

        if (job.K < 0)
            throw new FormatException($"k is {job.K}; it must be at least 1, or 0 for the square root of the items");
        if (job.MinClusters < 1)
            throw new FormatException($"min_clusters is {job.MinClusters}; it must be at least 1");
        if (job.Repo is not null && (string.IsNullOrWhiteSpace(job.Repo) || Path.IsPathRooted(job.Repo) || job.Repo.Split('/', '\\').Any(part => part is "" or "." or "..")))
            throw new FormatException($"repo is '{job.Repo}'; it must be a name, such as 'tessera' or 'group/tessera'");
        if (job.Commit is not null && !IsCommit(job.Commit))
            throw new FormatException($"commit is '{job.Commit}'; it must be a hash, a tag or a branch");
        if (job is { Repo: null, Commit: not null })
            throw new FormatException("a commit needs a repo");
        return job;
    }

    /// <summary>The job as <see cref="Parse"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CodeMapJobJson.Default.CodeMapJob);

    // What git could take for an option is none.
    private static bool IsCommit(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/');
}
