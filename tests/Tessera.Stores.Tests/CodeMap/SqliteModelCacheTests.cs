using Tessera.Stores.CodeMap;

namespace Tessera.Stores.Tests.CodeMap;

public sealed class SqliteModelCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Answers_outlive_the_process_and_the_last_one_counts()
    {
        using (var cache = new SqliteModelCache(_folder["new/folder/models.db"]))
        {
            cache.Keep([Pair("a", 1, 2, 3), Pair("b")]);
            cache.Keep([Pair("a", 4)]);
        }

        using var again = new SqliteModelCache(_folder["new/folder/models.db"]);
        IReadOnlyList<byte[]?> found = again.Find(["b", "missing", "a"]);
        Assert.Equal([], found[0]!);
        Assert.Null(found[1]);
        Assert.Equal([4], found[2]!);
    }

    [Fact]
    public void Processes_and_threads_share_a_file()
    {
        SqliteModelCache[] caches = [.. Enumerable.Range(0, 3).Select(_ => new SqliteModelCache(_folder["models.db"]))];
        Parallel.For(0, 60, number =>
        {
            SqliteModelCache cache = caches[number % 3];
            cache.Keep([Pair($"k{number}", (byte)number)]);
            Assert.Equal([(byte)number], cache.Find([$"k{number}"])[0]!);
        });
        Assert.All(caches, cache => Assert.DoesNotContain(null, cache.Find([.. Enumerable.Range(0, 60).Select(number => $"k{number}")])));
        foreach (SqliteModelCache cache in caches)
            cache.Dispose();
    }

    [Fact]
    public void A_file_of_something_else_is_named()
    {
        File.WriteAllText(_folder["models.db"], string.Concat(Enumerable.Repeat("This is no database. ", 100)));
        Assert.Contains("may be deleted", Assert.Throws<IOException>(() => new SqliteModelCache(_folder["models.db"])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static KeyValuePair<string, byte[]> Pair(string key, params byte[] answer) => KeyValuePair.Create(key, answer);
}
