using Tessera.SemanticIds.Uniqueness;
using Tessera.Storage;

namespace Tessera.Stores.Tests.SemanticIds;

public sealed class JsonCollisionStoreTests : CollisionStoreContract
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_cut_short_is_refused_with_its_offset()
    {
        string path = Written();
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            TesseraFormatException refused = Assert.Throws<TesseraFormatException>(() => new JsonCollisionStore(path));
            Assert.Equal(path, refused.Path);
            Assert.InRange(refused.Offset, 0, length);
        }
    }

    [Fact]
    public void An_item_that_stands_twice_is_refused()
    {
        string path = Written();
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"b\":", "\"a\":", StringComparison.Ordinal));
        Assert.Contains("twice", Assert.Throws<TesseraFormatException>(() => new JsonCollisionStore(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_json_file_is_refused()
    {
        File.WriteAllText(_folder["ids.json"], """{"name":"a file of something else, long enough to hold the start of a file of ids, and not one"}""");
        Assert.Throws<TesseraFormatException>(() => new JsonCollisionStore(_folder["ids.json"]));
    }

    [Fact]
    public void A_folder_is_refused()
    {
        Directory.CreateDirectory(_folder["ids"]);
        Assert.Throws<IOException>(() => new JsonCollisionStore(_folder["ids"]));
    }

    protected override ICollisionStore OpenAnother() => new JsonCollisionStore(_folder["ids.json"]);

    protected override void CleanUp() => _folder.Dispose();

    private string Written()
    {
        using ICollisionStore store = OpenAnother();
        Assign(store, ("a", "1-1"), ("b", "1-1"));
        return _folder["ids.json"];
    }
}
