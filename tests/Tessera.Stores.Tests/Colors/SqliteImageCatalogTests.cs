using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Histograms;
using Tessera.Colors.Palettes;
using Tessera.Colors.Queries;
using Tessera.Colors.Spaces;
using Tessera.Colors.Transport;
using Tessera.Storage;
using Tessera.Stores.Colors;

namespace Tessera.Stores.Tests.Colors;

public sealed class SqliteImageCatalogTests : IDisposable
{
    private static readonly PlantedCollection Planted = PlantedCollection.Generate(10, 3);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_keeps_what_the_one_in_memory_keeps()
    {
        using var memory = new InMemoryImageCatalog();
        using (SqliteImageCatalog sqlite = Open())
        {
            foreach (IImageCatalog catalog in (IImageCatalog[])[memory, sqlite])
            {
                catalog.Root = "/photos";
                catalog.Apply(new CatalogChanges { Stored = [Image("a.png", 0), Image("b.png", 1), Image("c.png", 2)], Broken = [new KnownFile("d.png", 0, 5, Time(4), "", "it is broken")] });
                catalog.SetTags(2, ["x", "a tag"]);
                catalog.Apply(new CatalogChanges { Stored = [Image("b.png", 3)], Removed = ["a.png"], Moved = [new KnownFile("e/c.png", 3, 7, Time(9), "2", null)] });
                catalog.Apply(new CatalogChanges { Stored = [Image("d.png", 4)], Broken = [new KnownFile("a.png", 0, 5, Time(4), "", "gone bad")] });
                catalog.Apply(new CatalogChanges());
            }
        }

        using SqliteImageCatalog again = Open();
        Assert.Equal(memory.Root, again.Root);
        Assert.Equal(4, again.Revision);
        Assert.Equal(memory.Revision, again.Revision);
        Assert.Equal(memory.Rows().Select(Text), again.Rows().Select(Text));
        Assert.Equal(memory.Files().OrderBy(file => file.Path, StringComparer.Ordinal), again.Files().OrderBy(file => file.Path, StringComparer.Ordinal));
        foreach (CatalogRow row in again.Rows())
        {
            ImageEntry expected = memory.Find(row.Id)!, actual = again.Find(row.Id)!;
            Assert.Equal(expected.Palette, actual.Palette);
            Assert.Equal(expected.Tags, actual.Tags);
            Assert.Equal(expected with { Palette = actual.Palette, Tags = actual.Tags }, actual);
            Assert.Equal(memory.Histogram(row.Id)!.Entries, again.Histogram(row.Id)!.Entries);
        }

        Assert.Null(again.Find(1));
        Assert.Null(again.Histogram(1));
    }

    [Fact]
    public void Ids_are_not_given_twice_even_after_the_last_image_went()
    {
        using (SqliteImageCatalog catalog = Open())
        {
            catalog.Apply(new CatalogChanges { Stored = [Image("a.png", 0)] });
            catalog.Apply(new CatalogChanges { Removed = ["a.png"] });
        }

        using SqliteImageCatalog again = Open();
        again.Apply(new CatalogChanges { Stored = [Image("b.png", 0)] });

        Assert.Equal(2, Assert.Single(again.Rows()).Id);
    }

    [Fact]
    public void Changes_enter_together_or_not_at_all()
    {
        using SqliteImageCatalog catalog = Open();
        var moved = new KnownFile("a.png", 1, 1, Time(1), "", null);
        catalog.Apply(new CatalogChanges { Stored = [Image("a.png", 0), Image("b.png", 1)] });

        // Two images cannot be at one path.
        Assert.Throws<IOException>(() => catalog.Apply(new CatalogChanges { Stored = [Image("new.png", 2)], Moved = [moved with { Path = "c.png" }, moved with { Id = 2, Path = "c.png" }] }));

        Assert.Equal(["a.png", "b.png"], catalog.Rows().Select(row => row.Path));
        Assert.Equal(1, catalog.Revision);
    }

    [Fact]
    public void A_saved_collection_opens_with_its_files_and_with_what_changed_since()
    {
        string saved = _folder["saved"];
        ColorQuery query = ColorQuery.Parse("red");
        using (SqliteImageCatalog catalog = ColorIndexFolder.OpenCatalog(saved))
            catalog.Apply(new CatalogChanges { Stored = [.. Enumerable.Range(0, 30).Select(i => Image($"{i:00}.png", i))] });
        string[] before;
        using (ColorCollection collection = ColorIndexFolder.Open(saved))
        {
            Assert.Equal(30, collection.Describe().Unsaved);
            collection.Save();
            Assert.Equal(0, collection.Describe().Unsaved);
            before = Paths(collection);
        }

        Assert.Equal(2, Directory.GetFiles(saved, "*.tsr").Length);
        using (SqliteImageCatalog catalog = ColorIndexFolder.OpenCatalog(saved))
            catalog.Apply(new CatalogChanges { Removed = [before[0]], Stored = [Image("new.png", 3)] });
        using ColorCollection again = ColorIndexFolder.Open(saved);
        Assert.Equal(30, again.Count);
        Assert.Equal(1, again.Describe().Unsaved);
        string[] after = Paths(again);
        Assert.DoesNotContain(before[0], after);
        Assert.Contains("new.png", after);
        again.Save();
        Assert.Equal(0, again.Describe().Unsaved);
        Assert.Equal(after, Paths(again));
        Assert.Equal(2, Directory.GetFiles(saved, "*.tsr").Length);

        string[] Paths(ColorCollection collection) => [.. collection.Search(query, new ColorSearchOptions { K = 100, ExhaustiveUpTo = 0 }).Hits.Select(hit => hit.Image.Path)];
    }

    [Theory]
    [InlineData("histograms-1.tsr")]
    [InlineData("index-1.tsr")]
    public void Damaged_files_are_made_anew_from_the_catalogue(string file)
    {
        string saved = _folder["saved"];
        using (SqliteImageCatalog catalog = ColorIndexFolder.OpenCatalog(saved))
            catalog.Apply(new CatalogChanges { Stored = [.. Enumerable.Range(0, 5).Select(i => Image($"{i}.png", i))] });
        using (ColorCollection collection = ColorIndexFolder.Open(saved))
            collection.Save();
        File.WriteAllBytes(Path.Combine(saved, file), [1, 2, 3]);

        using ColorCollection again = ColorIndexFolder.Open(saved);

        Assert.Equal(5, again.Search(ColorQuery.Parse("red")).Hits.Count);
        again.Save();
        Assert.Equal(0, again.Describe().Unsaved);
    }

    [Fact]
    public void Foreign_files_and_missing_ones_are_told()
    {
        File.WriteAllText(_folder["c.db"], "this is no database, however long it is, and it never will be one, not even with some luck");

        Assert.Throws<TesseraFormatException>(() => new SqliteImageCatalog(_folder["c.db"]));
        Assert.Throws<FileNotFoundException>(() => ColorIndexFolder.Open(_folder["nowhere"]));
    }

    private static ImageRecord Image(string path, int number)
    {
        var histogram = new float[HistogramGrid.TotalBins];
        ColorHistogram.Compute(Planted.Images[number].Image, histogram);
        var entry = new ImageEntry(0, path, 100 + number, Time(number), $"{number}", 64, 32 + number, ColorClass.Red, [new PaletteColor(new LabColor(1, 2, number), 0.5f)], []);
        return new ImageRecord(entry, SparseHistogram.Of(histogram));
    }

    private static string Text(CatalogRow row) => $"{row with { Tags = [] }} {string.Join('|', row.Tags)}";

    private static DateTime Time(int day) => new DateTime(2026, 1, 1, 3, 4, 5, DateTimeKind.Utc).AddDays(day);

    private SqliteImageCatalog Open() => new(_folder["c.db"]);
}
