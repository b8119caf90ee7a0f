using Microsoft.Data.Sqlite;
using Tessera.SemanticIds.Uniqueness;
using Tessera.Storage;
using Tessera.Stores.SemanticIds;

namespace Tessera.Stores.Tests.SemanticIds;

public sealed class SqliteCollisionStoreTests : CollisionStoreContract
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_of_the_python_package_is_continued()
    {
        // Its table says how often each id was given: 1-1 bare, -1 and -2, and 2-2 bare.
        Execute("CREATE TABLE collisions (key TEXT PRIMARY KEY, count INTEGER); INSERT INTO collisions VALUES ('1-1', 3), ('2-2', 1);");
        using ICollisionStore store = OpenAnother();
        Assert.Equal(["1-1-3", "2-2-1", "3-3"], Assign(store, ("a", "1-1"), ("b", "2-2"), ("c", "3-3")));
    }

    [Fact]
    public void Damage_is_refused_and_never_crashes()
    {
        using (ICollisionStore store = OpenAnother())
            store.Assign([.. Enumerable.Range(0, 2000).Select(item => new IdRequest($"item {item}", $"1-{item % 300}"))]);
        byte[] whole = File.ReadAllBytes(_folder["ids.db"]);
        int refused = 0;
        for (int place = 0; place < whole.Length; place += 4096)
        {
            byte[] damaged = [.. whole];
            damaged.AsSpan(place, 2000).Fill(0xA5);
            File.WriteAllBytes(_folder["ids.db"], damaged);
            try
            {
                using ICollisionStore store = OpenAnother();
                store.Assign([.. Enumerable.Range(0, 2000).Select(item => new IdRequest($"item {item}", $"1-{item % 300}"))]);
            }
            catch (TesseraFormatException damage)
            {
                Assert.Equal(_folder["ids.db"], damage.Path);
                refused++;
            }
        }

        // All pages but those in no use hold something that the check sees.
        Assert.InRange(refused, whole.Length / 4096 - 2, whole.Length / 4096);
    }

    [Fact]
    public void A_text_file_is_refused()
    {
        File.WriteAllText(_folder["ids.db"], string.Concat(Enumerable.Repeat("This is no database. ", 100)));
        Assert.Throws<TesseraFormatException>(OpenAnother);
    }

    [Fact]
    public void A_database_of_something_else_is_refused_and_left_alone()
    {
        Execute("CREATE TABLE customers (name TEXT)");
        byte[] before = File.ReadAllBytes(_folder["ids.db"]);
        Assert.Contains("something else", Assert.Throws<TesseraFormatException>(OpenAnother).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder["ids.db"]));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        Assert.Contains("missing", Assert.Throws<IOException>(() => new SqliteCollisionStore(_folder[Path.Combine("missing", "ids.db")])).Message, StringComparison.Ordinal);
    }

    protected override ICollisionStore OpenAnother() => new SqliteCollisionStore(_folder["ids.db"]);

    protected override void CleanUp() => _folder.Dispose();

    private void Execute(string sql)
    {
        SqliteLibrary.Load();
        using var connection = new SqliteConnection($"Data Source={_folder["ids.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
