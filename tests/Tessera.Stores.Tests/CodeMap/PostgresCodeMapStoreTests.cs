using Npgsql;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;

namespace Tessera.Stores.Tests.CodeMap;

public sealed class PostgresCodeMapStoreTests(PostgresServer server) : CodeMapStoreContract, IClassFixture<PostgresServer>
{
    private string? _dsn;

    private string Dsn => _dsn ??= server.Require();

    [Fact]
    public async Task The_reference_finds_its_table_in_the_database()
    {
        await using ICodeMapStore store = await OpenAsync();
        await store.CommitAsync(StoredMaps.First("hyperzoekt"), TestContext.Current.CancellationToken);

        Assert.Equal(["0 4", "1 12", "10 1"], Rows("SELECT layer, count(*) FROM hirag_cluster GROUP BY layer ORDER BY layer"));
        Assert.Equal(["17 3"], Rows("SELECT count(*), max(centroid_len) FROM hirag_cluster WHERE member_repos @> '[\"hyperzoekt\"]'"));
    }

    [Fact]
    public async Task A_server_that_goes_away_is_named_and_the_last_generation_is_there_when_it_comes_back()
    {
        using var mortal = new PostgresServer();
        string dsn = mortal.Require();
        await using PostgresCodeMapStore store = await PostgresCodeMapStore.OpenAsync(dsn, TestContext.Current.CancellationToken);
        await store.CommitAsync(StoredMaps.First("sample"), TestContext.Current.CancellationToken);
        mortal.Stop();

        Assert.Contains("127.0.0.1", (await Assert.ThrowsAsync<IOException>(() => store.CommitAsync(StoredMaps.Whole(StoredMaps.First("sample"), 2), TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
        mortal.Start();
        NpgsqlConnection.ClearAllPools();
        Assert.Equal(1, (await store.HeadAsync("sample", TestContext.Current.CancellationToken))!.Generation);
        Assert.Equal(4, (await store.ReadAsync("sample", TestContext.Current.CancellationToken))!.Entities.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named() =>
        Assert.Contains("127.0.0.1", (await Assert.ThrowsAsync<IOException>(() => PostgresCodeMapStore.OpenAsync("Host=127.0.0.1;Port=1;Username=x;Database=maps", TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);

    protected override async Task<ICodeMapStore> OpenAsync() => await PostgresCodeMapStore.OpenAsync(Dsn, TestContext.Current.CancellationToken);

    private List<string> Rows(string sql)
    {
        using var connection = new NpgsqlConnection(Dsn);
        connection.Open();
        using NpgsqlCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using NpgsqlDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add($"{reader.GetValue(0)} {reader.GetValue(1)}");
        return rows;
    }
}
