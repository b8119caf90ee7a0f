using Tessera.CodeMap;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code.Worker;

/// <summary>Does the jobs of a worker: maps a repository into a store, or all repositories of the store together.</summary>
/// <param name="store">The store.</param>
/// <param name="folders">Where the repositories are.</param>
/// <param name="models">The models of vectors and summaries.</param>
/// <param name="settings">What jobs do not say.</param>
/// <param name="log">Told in a line what happens.</param>
internal sealed class JobMapper(ICodeMapStore store, RepositoryFolders folders, ModelSession models, CodeMapOptions settings, Action<string> log)
{
    // A job may ask for less than another layer can be built from.
    private const int LeastItems = 2;

    public async Task MapAsync(CodeMapJob job, JobLease lease, CancellationToken cancellationToken)
    {
        MapHead? there = await store.HeadAsync(job.Repo ?? MapHead.Global, cancellationToken).ConfigureAwait(false);
        if (there is not null && there.Token >= lease.FirstToken && there.Commit == job.Commit)
        {
            log($"job {lease.Id} was committed already, by a worker that could not say so");
            return;
        }

        var builder = new StoredMapBuilder(store, new StoredMapOptions
        {
            Map = settings with { Clusters = job.K, MinClusters = Math.Max(LeastItems, job.MinClusters), Embedder = models.Embedder, Summarizer = models.Summarizer, Log = log },
            Token = lease.Token,
            Commit = job.Commit,
        });
        using CodeMapSnapshot map = (await BuildAsync(builder, job, cancellationToken).ConfigureAwait(false)).Map;
        log($"job {lease.Id} is committed: {map.Entities.Count} entities in {map.Layers.Count + 1} layers");
        if (models.Warning is { } warning)
            log(warning);
    }

    private async Task<BuildReport> BuildAsync(StoredMapBuilder builder, CodeMapJob job, CancellationToken cancellationToken)
    {
        if (job.Repo is null)
            return await builder.BuildGlobalAsync(cancellationToken).ConfigureAwait(false);
        string folder = folders.Find(job.Repo);
        using CommitCheckout? checkout = job.Commit is null ? null : await CommitCheckout.CreateAsync(folder, job.Commit, cancellationToken).ConfigureAwait(false);
        return await builder.BuildAsync(checkout?.Root ?? folder, job.Repo, cancellationToken).ConfigureAwait(false);
    }
}
