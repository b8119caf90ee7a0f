using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Storage;

namespace Tessera.Stores.Tests.CodeMap;

/// <summary>What every store of maps does alike.</summary>
public abstract class CodeMapStoreContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test; a second call opens the same place again where the store outlives its object.</summary>
    protected abstract Task<ICodeMapStore> OpenAsync();

    [Fact]
    public async Task An_empty_store_has_no_map()
    {
        await using ICodeMapStore store = await OpenAsync();

        Assert.Empty(await store.MapsAsync(Token));
        Assert.Null(await store.HeadAsync("sample", Token));
        Assert.Null(await store.ReadAsync("sample", Token));
        Assert.Null(await store.FindClusterAsync("hirag::layer1::0", Token));
        Assert.Empty(await store.ClustersAsync("sample", null, Token));
        Assert.Empty(await store.LayersAsync("sample", Token));
        await store.DeleteAsync("sample", Token);
    }

    [Fact]
    public async Task What_was_committed_is_read_again_as_it_was()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        await store.CommitAsync(first, Token);

        MapRecords read = (await store.ReadAsync("sample", Token))!;
        Assert.Equal(first.Head, read.Head);
        Assert.Equal(first.PutFiles.OrderBy(file => file.Path, StringComparer.Ordinal), read.Files.OrderBy(file => file.Path, StringComparer.Ordinal));
        Assert.Equal(first.PutEntities.Select(StoredMaps.Describe), read.Entities.OrderBy(entity => entity.Number).Select(StoredMaps.Describe));
        Assert.Equal(first.PutClusters.Select(StoredMaps.Describe), read.Clusters.Select(StoredMaps.Describe));
        Assert.Equal(first.PutBlobs["weights"].ToArray(), Assert.Single(read.Blobs).Value.ToArray());
        Assert.Equal(first.Head, Assert.Single(await store.MapsAsync(Token)));
        Assert.Equal(first.Head, await store.HeadAsync("sample", Token));
    }

    [Fact]
    public async Task A_change_touches_only_what_it_names()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        await store.CommitAsync(first, Token);
        EntityRecord changed = first.PutEntities[1] with { Documentation = "Says something else: 'quotes' \"and\" ünïcödé.", ContentHash = "beef" };
        await store.CommitAsync(
            new MapChange
            {
                Head = first.Head with { Generation = 2, Drift = 2 },
                From = 1,
                PutEntities = [changed],
                RemovedEntities = [0],
                PutFiles = [new FileRecord("sample", "c.py", "03", "new"), first.PutFiles[0] with { Text = "other" }],
                RemovedFiles = [("sample", "b.cs")],
                PutClusters = [first.PutClusters[0] with { Members = [StoredMaps.Id(0, 1, "sample")], Churn = 1 }],
                RemovedClusters = [first.PutClusters[^1].Id],
            },
            Token);

        MapRecords read = (await store.ReadAsync("sample", Token))!;
        Assert.Equal((2, 2), (read.Head.Generation, read.Head.Drift));
        Assert.Equal([changed, .. first.PutEntities.Skip(2)], read.Entities.OrderBy(entity => entity.Number), StoredMaps.SameEntity);
        Assert.Equal(["a.cs other", "c.py new"], read.Files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Path} {file.Text}"));
        Assert.Equal(first.PutClusters.Count - 1, read.Clusters.Count);
        Assert.Equal([StoredMaps.Id(0, 1, "sample")], read.Clusters[0].Members);
        Assert.Single(read.Blobs);
    }

    [Fact]
    public async Task A_whole_change_keeps_nothing_of_what_was_there()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        await store.CommitAsync(first, Token);
        await store.CommitAsync(new MapChange { Head = first.Head with { Generation = 2 }, From = 1, IsWhole = true, PutEntities = [first.PutEntities[0]] }, Token);

        MapRecords read = (await store.ReadAsync("sample", Token))!;
        Assert.Single(read.Entities);
        Assert.Empty(read.Files);
        Assert.Empty(read.Clusters);
        Assert.Empty(read.Blobs);
    }

    [Fact]
    public async Task Maps_of_several_repositories_and_of_all_lie_side_by_side()
    {
        await using ICodeMapStore store = await OpenAsync();
        foreach (string map in new[] { "sample", "other", MapHead.Global })
            await store.CommitAsync(StoredMaps.First(map), Token);

        Assert.Equal([MapHead.Global, "other", "sample"], (await store.MapsAsync(Token)).Select(head => head.Map));
        await store.DeleteAsync("other", Token);

        Assert.Null(await store.ReadAsync("other", Token));
        Assert.Null(await store.FindClusterAsync(StoredMaps.Id(1, 0, "other"), Token));
        Assert.Equal(4, (await store.ReadAsync("sample", Token))!.Entities.Count);
        Assert.Equal(4, (await store.ReadAsync(MapHead.Global, Token))!.Entities.Count);
        await store.CommitAsync(StoredMaps.First("other"), Token);
        Assert.Equal(3, (await store.MapsAsync(Token)).Count);
    }

    [Fact]
    public async Task Layers_are_told_apart_by_number_and_ids_compared_whole()
    {
        await using ICodeMapStore store = await OpenAsync();
        await store.CommitAsync(StoredMaps.First("sample"), Token);
        await store.CommitAsync(StoredMaps.First(MapHead.Global), Token);

        Assert.Equal([new LayerCount(0, 4), new LayerCount(1, 12), new LayerCount(10, 1)], await store.LayersAsync("sample", Token));
        Assert.Equal(12, (await store.ClustersAsync("sample", 1, Token)).Count);
        Assert.Equal(Enumerable.Range(0, 12), (await store.ClustersAsync("sample", 1, Token)).Select(cluster => cluster.Number));
        Assert.Equal(13, (await store.ClustersAsync("sample", null, Token)).Count);
        Assert.Equal(10, Assert.Single(await store.ClustersAsync("sample", 10, Token)).Layer);
        ClusterRecord found = (await store.FindClusterAsync("hirag::layer1::1::repo::sample", Token))!;
        Assert.Equal(("layer1-cluster-1", 1, 1), (found.StableLabel, found.Layer, found.Number));
        Assert.Equal("hirag::layer1::1", (await store.FindClusterAsync("hirag::layer1::1", Token))!.Id);
        Assert.Null(await store.FindClusterAsync("hirag::layer1", Token));
        Assert.Null(await store.FindClusterAsync("layer1", Token));
    }

    [Fact]
    public async Task A_build_from_a_generation_that_is_gone_is_refused_and_changes_nothing()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        await store.CommitAsync(first, Token);
        MapChange second = new() { Head = first.Head with { Generation = 2 }, From = 1, RemovedEntities = [0] };
        await store.CommitAsync(second, Token);

        Assert.Contains("generation 2", (await Assert.ThrowsAsync<StaleBuildException>(() => store.CommitAsync(second with { RemovedEntities = [1] }, Token))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StaleBuildException>(() => store.CommitAsync(first with { IsWhole = true }, Token));
        Assert.Equal([1, 2, 3], (await store.ReadAsync("sample", Token))!.Entities.Select(entity => entity.Number).Order());
    }

    [Fact]
    public async Task A_token_older_than_the_stored_one_is_refused_and_the_newest_is_kept()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        await store.CommitAsync(first with { Head = first.Head with { Token = 7 } }, Token);

        MapChange late = new() { Head = first.Head with { Generation = 2, Token = 6 }, From = 1, RemovedEntities = [0] };
        Assert.Contains("token 7", (await Assert.ThrowsAsync<StaleBuildException>(() => store.CommitAsync(late, Token))).Message, StringComparison.Ordinal);
        Assert.Equal(4, (await store.ReadAsync("sample", Token))!.Entities.Count);
        await store.CommitAsync(late with { Head = late.Head with { Token = 0 } }, Token);
        Assert.Equal(7, (await store.HeadAsync("sample", Token))!.Token);
    }

    [Fact]
    public async Task Of_builds_at_the_same_time_one_wins_and_readers_see_whole_generations()
    {
        await using ICodeMapStore store = await OpenAsync();
        await using ICodeMapStore reader = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        await store.CommitAsync(first, Token);
        ICodeMapStore read = (await reader.HeadAsync("sample", Token)) is null ? store : reader;
        using var stop = new CancellationTokenSource();
        Task reading = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    MapRecords records = (await read.ReadAsync("sample", Token))!;
                    // Each generation says in every record which one it is.
                    string generation = records.Head.Generation == 1 ? "1" : $"{records.Head.Generation}";
                    Assert.All(records.Entities, entity => Assert.Equal(generation, entity.Name));
                    Assert.All(records.Files, file => Assert.Equal(generation, file.Hash));
                    Assert.All(records.Clusters, cluster => Assert.Equal(generation, cluster.Hash));
                }
            },
            Token);
        await store.CommitAsync(StoredMaps.Whole(first, 2), Token);
        for (int from = 2; from < 8; from++)
        {
            MapChange next = StoredMaps.Whole(first, from + 1) with { From = from };
            bool[] won = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => TryAsync(store, next), Token)));
            Assert.Equal(1, won.Count(each => each));
        }

        await stop.CancelAsync();
        await reading;
        Assert.Equal(8, (await store.HeadAsync("sample", Token))!.Generation);
    }

    [Fact]
    public async Task A_commit_that_is_called_off_leaves_the_generation_before()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        await store.CommitAsync(first, Token);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CommitAsync(StoredMaps.Whole(first, 2), stopped.Token));
        Assert.Equal(1, (await store.HeadAsync("sample", Token))!.Generation);
        Assert.Equal(4, (await store.ReadAsync("sample", Token))!.Entities.Count);
    }

    [Fact]
    public async Task A_map_without_entities_is_a_map()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapHead head = StoredMaps.First("empty").Head with { Fitted = 0, NextNumber = 0, Termination = new LayerTermination(TerminationReason.NoValidClusters, 0, "there are 0 entities"), Skipped = new SkippedFiles(1, 2, 3, 4), Commit = "abc123" };
        await store.CommitAsync(new MapChange { Head = head, From = 0 }, Token);

        Assert.Equal(head, (await store.ReadAsync("empty", Token))!.Head);
        Assert.Empty(await store.LayersAsync("empty", Token));
    }

    [Fact]
    public async Task Thousands_of_records_come_back()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        EntityRecord[] many = [.. Enumerable.Range(0, 3000).Select(number => first.PutEntities[0] with { Number = number, Id = $"sample:a.cs#/method:M{number}:0", Tokens = new byte[1200], Vector = new byte[256] })];
        await store.CommitAsync(first with { PutEntities = many, PutBlobs = new Dictionary<string, ReadOnlyMemory<byte>> { ["weights"] = new byte[6_000_000] } }, Token);

        MapRecords read = (await store.ReadAsync("sample", Token))!;
        Assert.Equal(Enumerable.Range(0, 3000), read.Entities.Select(entity => entity.Number).Order());
        Assert.Equal(6_000_000, read.Blobs["weights"].Length);
        Assert.Equal(new LayerCount(0, 3000), (await store.LayersAsync("sample", Token))[0]);
    }

    private static async Task<bool> TryAsync(ICodeMapStore store, MapChange change)
    {
        try
        {
            await store.CommitAsync(change, Token);
            return true;
        }
        catch (StaleBuildException)
        {
            return false;
        }
    }
}
