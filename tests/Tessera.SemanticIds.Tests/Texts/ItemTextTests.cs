using Tessera.SemanticIds.Texts;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests.Texts;

public sealed class ItemTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ItemTextTests() => Directory.CreateDirectory(_folder["model"]);

    [Fact]
    public void Lines_objects_and_arrays_are_read_alike()
    {
        ItemText[] expected = [new("0", "Steel hammer"), new("1", "Water pump", "For gardens Olsen")];
        Assert.Equal([expected[0], expected[1] with { Description = "" }], Read("a.txt", "Steel hammer\nWater pump\n\n"));
        string pump = """{"title": "Water pump", "description": "For gardens", "brand": "Olsen"}""";
        Assert.Equal(expected, Read("a.jsonl", $$"""{"name": "Steel hammer", "price": 7}""" + "\n" + pump));
        Assert.Equal(expected, Read("a.json", $"[\"Steel hammer\", {pump}]"));
        Assert.Equal([expected[1] with { Item = "P7" }], Read("b.json", $"{{\"P7\": {pump}}}"));
        Assert.Equal([expected[1] with { Item = "9" }], Read("c.json", "[" + pump.Replace("{\"title", "{\"id\": 9, \"title", StringComparison.Ordinal) + "]"));
    }

    [Theory]
    [InlineData("a.jsonl", "{\"title\": \"x\"}\n{\"title\": ", "item 1", 14)]
    [InlineData("a.jsonl", "{\"price\": 7}", "item 0", 0)]
    [InlineData("a.json", "[{\"title\": \"x\"},", "items", 0)]
    [InlineData("a.json", "7", "items", 0)]
    [InlineData("a.txt", " \n", "items", 0)]
    public void What_is_no_list_of_items_is_refused_with_its_place(string file, string text, string section, int least)
    {
        TesseraFormatException refused = Assert.Throws<TesseraFormatException>(() => Read(file, text));
        Assert.Equal(section, refused.Section);
        Assert.InRange(refused.Offset, least, text.Length);
    }

    [Fact]
    public void Texts_of_the_same_words_are_near_and_those_of_others_are_not()
    {
        ItemText[] items = [new("a", "Steel hammers, heavy"), new("b", "HEAVY steel hammer!"), new("c", "Garden water pump"), new("d", "Desk lamp")];
        Matrix vectors = ItemTextEmbedder.Fit(512, items).Embed(items);
        Assert.True(TestData.SquaredDistance(vectors[0], vectors[1]) < 1e-6);
        Assert.True(TestData.SquaredDistance(vectors[0], vectors[2]) > 1.5);
    }

    [Fact]
    public void A_word_of_the_title_counts_double()
    {
        ItemText[] items = [new("a", "pump", "lamp"), new("b", "pump"), new("c", "lamp")];
        Matrix vectors = ItemTextEmbedder.Fit(512, items).Embed(items);
        Assert.True(TestData.SquaredDistance(vectors[0], vectors[1]) < TestData.SquaredDistance(vectors[0], vectors[2]));
    }

    [Fact]
    public void An_embedder_comes_back_as_it_was()
    {
        ItemText[] items = [new("a", "Steel hammer"), new("b", "Water pump"), new("c", "Steel pump")];
        ItemTextEmbedder embedder = ItemTextEmbedder.Fit(64, items);
        embedder.Save(_folder["model"]);
        Assert.Equal(embedder.Embed(items).Values, ItemTextEmbedder.Load(_folder["model"])!.Embed(items).Values);
        Assert.Null(ItemTextEmbedder.Load(_folder["other"]));
    }

    [Theory]
    [InlineData("{\"dimension\": 4")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"dimension": 0, "documents": 1, "frequencies": {}}""")]
    [InlineData("""{"dimension": 4, "documents": 1, "frequencies": {"zz": 1}}""")]
    [InlineData("""{"dimension": 4, "documents": 1, "frequencies": {"0a": 2}}""")]
    public void Damaged_frequencies_are_refused(string text)
    {
        File.WriteAllText(Path.Combine(_folder["model"], "text.json"), text);
        Assert.Throws<TesseraFormatException>(() => ItemTextEmbedder.Load(_folder["model"]));
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<ItemText> Read(string file, string text)
    {
        File.WriteAllText(_folder[file], text);
        return ItemTextFile.Read(_folder[file]);
    }
}
