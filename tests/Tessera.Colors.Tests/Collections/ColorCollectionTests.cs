using Tessera.Colors.Collections;
using Tessera.Colors.Palettes;
using Tessera.Colors.Queries;
using Tessera.Colors.Transport;

namespace Tessera.Colors.Tests.Collections;

public sealed class ColorCollectionTests : IDisposable
{
    private readonly PaintedFolder _folder = new();
    private readonly InMemoryImageCatalog _catalog = new();
    private readonly ColorCollection _collection;

    public ColorCollectionTests()
    {
        _folder.Paint("red.png", "#ff0000 100");
        _folder.Paint("in/red and black.png", "#ff0000 50,#000000 50");
        _folder.Paint("in/white with red.png", "#ffffff 190,#ff0000 10");
        _folder.Paint("inner/white.png", "#ffffff 100");
        _folder.Paint("inner/grey.png", "#808080 30");
        _folder.Paint("inner/blue.png", "#0000ff 300");
        Index();
        _collection = ColorCollection.Open(_catalog);
    }

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_best_comes_first_with_distance_and_similarity()
    {
        ColorSearchResult result = Search("red");

        Assert.Equal("red.png", result.Hits[0].Image.Path);
        Assert.Equal(0, result.Hits[0].Distance, 0.01);
        Assert.Equal(1, result.Hits[0].Similarity, 0.001);
        Assert.Equal("in/red and black.png", result.Hits[1].Image.Path);
        Assert.Equal(result.Hits.Select(hit => hit.Distance).Order(), result.Hits.Select(hit => hit.Distance));
        Assert.Equal((6, 6, true), (result.Passing, result.Candidates, result.IsExhaustive));
        Assert.Equal(6, result.Hits.Count);
    }

    [Fact]
    public void Of_images_that_match_alike_the_share_that_was_asked_for_comes_first()
    {
        Assert.Equal("in/white with red.png", Search("red:5%,*").Hits[0].Image.Path);
        Assert.Equal("in/red and black.png", Search("red:0.5,*").Hits[0].Image.Path);
    }

    [Fact]
    public void More_answers_than_images_are_all_images()
    {
        Assert.Equal(6, Search("gray", new ColorSearchOptions { K = ColorSearchOptions.MostAnswers }).Hits.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => Search("gray", new ColorSearchOptions { K = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Search("gray", new ColorSearchOptions { K = 10_001 }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Excluded_colours_are_kept_out(bool isExhaustive)
    {
        _collection.BuildIndex(cancellationToken: TestContext.Current.CancellationToken);
        ColorQuery query = ColorQuery.Parse("red:0.5,*") with { Exclusions = ColorQuery.ParseExclusions("#000:0.2,blue") };

        var paths = _collection.Search(query, new ColorSearchOptions { ExhaustiveUpTo = isExhaustive ? 100 : 0 }).Hits.Select(hit => hit.Image.Path).ToArray();

        Assert.Equal(4, paths.Length);
        Assert.DoesNotContain("in/red and black.png", paths);
        Assert.DoesNotContain("inner/blue.png", paths);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_filter_says_what_may_be_an_answer(bool isExhaustive)
    {
        _collection.BuildIndex(cancellationToken: TestContext.Current.CancellationToken);
        string[] Paths(ImageFilter filter) => [.. _collection.Search(ColorQuery.Parse("red"), new ColorSearchOptions { Filter = filter, ExhaustiveUpTo = isExhaustive ? 100 : 0 }).Hits.Select(hit => hit.Image.Path)];
        long white = _catalog.Rows().Single(row => row.Path == "inner/white.png").Id;
        _collection.SetTags(white, ["plain", "plain ", "old"]);

        Assert.Equal(["in/red and black.png", "in/white with red.png"], Paths(new ImageFilter { Folder = "in/" }));
        Assert.Equal(["inner/blue.png"], Paths(new ImageFilter { Class = ColorClass.Blue }));
        Assert.Equal(["inner/white.png"], Paths(new ImageFilter { Tag = "plain" }));
        Assert.Equal(["inner/blue.png"], Paths(new ImageFilter { MinWidth = 250 }));
        Assert.Empty(Paths(new ImageFilter { MinHeight = 2 }));
        Assert.Empty(Paths(new ImageFilter { ModifiedBefore = new DateTime(2000, 1, 1) }));
        Assert.Equal(6, Paths(new ImageFilter { ModifiedFrom = new DateTime(2000, 1, 1) }).Length);
        Assert.Equal(["old", "plain"], _collection.Image(white)!.Tags);
    }

    [Fact]
    public void Facets_count_what_passes_the_filter()
    {
        Facets all = _collection.Facets(), inner = Search("red", new ColorSearchOptions { Filter = new ImageFilter { Folder = "inner" }, WithFacets = true }).Facets!;

        Assert.Equal(6, all.Images);
        Assert.Equal([new FacetCount("inner", 3), new FacetCount("in", 2), new FacetCount("", 1)], all.Folders);
        Assert.Equal(6, all.Classes.Sum(count => count.Images));
        Assert.Equal(3, inner.Images);
        Assert.Equal([new FacetCount("inner", 3)], inner.Folders);
        Assert.Equal(["Blue", "Grey", "White"], inner.Classes.Select(count => count.Value).Order());
    }

    [Fact]
    public void Images_like_one_are_found_without_itself()
    {
        long id = _catalog.Rows().Single(row => row.Path == "inner/white.png").Id;

        ColorSearchResult result = _collection.Similar(id, new ColorSearchOptions { K = 2 });

        Assert.Equal(["in/white with red.png", "inner/grey.png"], result.Hits.Select(hit => hit.Image.Path));
        Assert.Throws<KeyNotFoundException>(() => _collection.Similar(99));
        Assert.Null(_collection.Image(99));
    }

    [Fact]
    public void Sinkhorn_ranks_the_first_alike()
    {
        ColorSearchResult result = Search("red:0.5,black:0.5", new ColorSearchOptions { Method = RerankMethod.Sinkhorn });

        Assert.Equal("in/red and black.png", result.Hits[0].Image.Path);
    }

    [Fact]
    public void What_was_indexed_meanwhile_is_found_after_a_refresh()
    {
        _collection.BuildIndex(cancellationToken: TestContext.Current.CancellationToken);
        _folder.Paint("crimson.png", "#dc143c 10");
        File.Delete(_folder["red.png"]);
        _folder.Paint("inner/blue.png", "#ff1010 10");
        Index();

        Assert.True(_collection.Refresh());
        Assert.False(_collection.Refresh());
        foreach (int exhaustive in (int[])[0, 100])
        {
            string[] paths = [.. Search("red", new ColorSearchOptions { K = 2, ExhaustiveUpTo = exhaustive }).Hits.Select(hit => hit.Image.Path)];
            Assert.Equal(["inner/blue.png", "crimson.png"], paths);
        }
    }

    [Fact]
    public async Task Searches_go_on_while_the_collection_changes()
    {
        _collection.BuildIndex(cancellationToken: TestContext.Current.CancellationToken);
        bool isOver = false;
        Task[] searchers = [.. Enumerable.Range(0, 3).Select(number => Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
                Assert.Equal("inner/grey.png", Search("gray", new ColorSearchOptions { K = 1, ExhaustiveUpTo = 100 * (number % 2) }).Hits[0].Image.Path);
        }))];
        for (int i = 0; i < 15; i++)
        {
            _folder.Paint("changing.png", $"#ff00{i:00} {i + 1}");
            Index();
            _collection.Refresh();
            if (i % 5 == 0)
                _collection.BuildIndex(cancellationToken: TestContext.Current.CancellationToken);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(searchers);
        Assert.Equal(7, _collection.Count);
    }

    [Fact]
    public void An_empty_collection_answers_with_nothing()
    {
        using ColorCollection empty = ColorCollection.Open(new InMemoryImageCatalog());

        Assert.Empty(empty.Search(ColorQuery.Parse("red")).Hits);
        Assert.Equal(0, empty.Facets().Images);
    }

    private void Index() => new FolderIndexer(_folder.Root, _catalog, _folder).Run(null, TestContext.Current.CancellationToken);

    private ColorSearchResult Search(string spec, ColorSearchOptions? options = null) => _collection.Search(ColorQuery.Parse(spec), options);
}
