using Microsoft.Data.Sqlite;
using Tessera.CodeMap.Storage;
using Tessera.Storage;
using Tessera.Stores.CodeMap;

namespace Tessera.Stores.Tests.CodeMap;

public sealed class SqliteCodeMapStoreTests : CodeMapStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_map_outlives_the_store_that_wrote_it()
    {
        await using (ICodeMapStore store = await OpenAsync())
            await store.CommitAsync(StoredMaps.First("sample"), TestContext.Current.CancellationToken);

        await using ICodeMapStore again = await OpenAsync();
        Assert.Equal(4, (await again.ReadAsync("sample", TestContext.Current.CancellationToken))!.Entities.Count);
    }

    [Fact]
    public async Task The_reference_finds_its_table_in_the_file()
    {
        await using (ICodeMapStore store = await OpenAsync())
            await store.CommitAsync(StoredMaps.First("hyperzoekt"), TestContext.Current.CancellationToken);

        Assert.Equal(["0 4", "1 12", "10 1"], Rows("SELECT layer, count(*) FROM hirag_cluster GROUP BY layer ORDER BY layer"));
        Assert.Equal(["hirag::layer1::5::repo::hyperzoekt layer1-cluster-5"], Rows("SELECT stable_id, stable_label FROM hirag_cluster WHERE id = 'hirag::layer1::5::repo::hyperzoekt'"));
        Assert.Equal(["17 3"], Rows("SELECT count(*), max(centroid_len) FROM hirag_cluster, json_each(member_repos) WHERE value = 'hyperzoekt'"));
    }

    [Fact]
    public void A_file_of_something_else_is_refused()
    {
        File.WriteAllText(_folder["text.db"], "this is no database, however long it may be said to be one");
        Assert.Throws<TesseraFormatException>(() => new SqliteCodeMapStore(_folder["text.db"]));
        using (var other = new SqliteConnection($"Data Source={_folder["other.db"]};Pooling=False"))
        {
            other.Open();
            using SqliteCommand command = other.CreateCommand();
            command.CommandText = "CREATE TABLE mine (x)";
            command.ExecuteNonQuery();
        }

        Assert.Contains("something else", Assert.Throws<TesseraFormatException>(() => new SqliteCodeMapStore(_folder["other.db"])).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => new SqliteCodeMapStore(_folder["no/such/folder.db"]));
    }

    public void Dispose() => _folder.Dispose();

    protected override Task<ICodeMapStore> OpenAsync() => Task.FromResult<ICodeMapStore>(new SqliteCodeMapStore(_folder["map.db"]));

    private List<string> Rows(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder["map.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add($"{reader.GetValue(0)} {reader.GetValue(1)}");
        return rows;
    }
}
