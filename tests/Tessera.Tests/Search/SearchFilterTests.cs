using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Search;

public sealed class SearchFilterTests
{
    private static readonly float[] Query = [0];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Ids_pass_where_the_index_has_them()
    {
        using VectorIndex index = Numbers(0, 200);
        Assert.Equal([3, 70, 199], Found(index, SearchFilter.Ids([199, 3, 70, 3, 200, -1, long.MaxValue, long.MinValue])));
        Assert.Empty(Found(index, SearchFilter.Ids([])));
        using VectorIndex others = Numbers(1000, 200);
        Assert.Equal([1000, 1199], Found(others, SearchFilter.Ids([1000, 3, 1199, -1])));
    }

    [Fact]
    public void A_predicate_is_asked_once_for_each_vector_over_searches_adds_removals_and_indexes()
    {
        var asked = new List<long>();
        SearchFilter filter = SearchFilter.Where(id =>
        {
            asked.Add(id);
            return id % 10 == 7;
        });
        using VectorIndex index = Numbers(0, 100), other = Numbers(500, 100);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal([7, 17, 27, 37, 47, 57, 67, 77, 87, 97], Found(index, filter));
            Assert.Equal([507, 517, 527, 537, 547, 557, 567, 577, 587, 597], Found(other, filter));
        }

        Assert.Equal(Enumerable.Range(0, 100).Concat(Enumerable.Range(500, 100)).Select(id => (long)id), asked);

        asked.Clear();
        index.Add(Column(100, 20), cancellationToken: Cancellation);
        index.Remove([17, 27]);
        Assert.Equal([7, 37, 47, 57, 67, 77, 87, 97, 107, 117], Found(index, filter));
        Assert.Equal([507, 517, 527, 537, 547, 557, 567, 577, 587, 597], Found(other, filter));
        Assert.Equal(Enumerable.Range(100, 20).Select(id => (long)id), asked);
        Assert.Equal([8, 18, 28], Found(index, filter.Not().And(SearchFilter.Where(id => id % 10 == 8)))[..3]);
        Assert.Equal(20, asked.Count);
    }

    [Fact]
    public void A_predicate_that_throws_fails_the_search_and_is_asked_again()
    {
        bool fails = true;
        SearchFilter filter = SearchFilter.Where(id => fails && id == 3 ? throw new InvalidDataException("no") : id < 5);
        using VectorIndex index = Numbers(0, 10);
        Assert.Throws<InvalidDataException>(() => Found(index, filter));
        fails = false;
        Assert.Equal([0, 1, 2, 3, 4], Found(index, filter));
    }

    [Fact]
    public async Task Threads_that_begin_together_ask_once()
    {
        int asked = 0;
        SearchFilter filter = SearchFilter.Where(id =>
        {
            Interlocked.Increment(ref asked);
            return id >= 990;
        });
        using VectorIndex index = Numbers(0, 1000);
        long[][] found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Found(index, filter), Cancellation)));
        Assert.All(found, ids => Assert.Equal(Enumerable.Range(990, 10).Select(id => (long)id), ids));
        Assert.Equal(1000, asked);
    }

    [Fact]
    public void Tags_are_put_on_taken_off_and_joined()
    {
        using VectorIndex index = Numbers(0, 100);
        SearchFilter red = SearchFilter.Tagged("red"), round = SearchFilter.Tagged("round");
        Assert.Empty(Found(index, red));
        index.Tag("red", [1, 2, 3, 70, 5000]);
        index.Tag("round", [3, 4, 70]);
        Assert.Equal(["red", "round"], index.Tags);
        Assert.Equal([1, 2, 3, 70], Found(index, red));
        Assert.Equal([3, 70], Found(index, red.And(round)));
        Assert.Equal([1, 2, 3, 4, 70], Found(index, red.Or(round)));
        Assert.Equal([1, 2], Found(index, red.And(round.Not())));
        Assert.Equal(Enumerable.Range(0, 100).Where(id => id is not (3 or 70)).Select(id => (long)id), Found(index, red.And(round).Not()));
        index.Untag("red", [2, 3, 4]);
        Assert.Equal([1, 70], Found(index, red));
        index.Untag("red", [1, 70]);
        Assert.Empty(Found(index, red));
        Assert.Equal(["round"], index.Tags);
    }

    [Fact]
    public void Vectors_added_later_bear_no_tag_and_updated_ones_keep_theirs()
    {
        using VectorIndex index = Numbers(0, 60);
        SearchFilter red = SearchFilter.Tagged("red");
        index.Tag("red", [1, 2]);
        index.Add(Column(60, 10), cancellationToken: Cancellation);
        Assert.Equal([1, 2], Found(index, red));
        Assert.Equal(68, Found(index, red.Not()).Length);
        index.Update(Column(2000, 2), [2, 65], cancellationToken: Cancellation);
        Assert.Equal([1, 2], Found(index, red));
        index.Remove([1]);
        index.Compact(cancellationToken: Cancellation);
        Assert.Equal([2], Found(index, red));
        index.Remove([2]);
        Assert.Empty(Found(index, red));
        index.Compact(cancellationToken: Cancellation);
        Assert.Empty(index.Tags);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("two\nlines")]
    [InlineData("a\0b")]
    public void A_tag_that_is_blank_or_not_one_line_is_refused(string tag)
    {
        using VectorIndex index = Numbers(0, 3);
        Assert.Throws<ArgumentException>(nameof(tag), () => index.Tag(tag, [1]));
    }

    [Fact]
    public void The_same_filter_over_the_same_state_is_the_same_object()
    {
        Catalog one = Catalog.Of(100, default), two = Catalog.Of(100, default);
        SearchFilter filter = SearchFilter.Where(id => id < 50);
        Assert.Same(filter.Select(one), filter.Select(one));
        Assert.NotSame(filter.Select(one), filter.Select(two));
        Assert.Equal(50, filter.Select(two).Count);
        Assert.Equal(50, filter.Not().Select(two).Count);
    }

    [Fact]
    public void Null_is_refused()
    {
        SearchFilter filter = SearchFilter.Ids([1]);
        Assert.Throws<ArgumentNullException>("ids", () => SearchFilter.Ids(null!));
        Assert.Throws<ArgumentNullException>("predicate", () => SearchFilter.Where(null!));
        Assert.Throws<ArgumentException>("tag", () => SearchFilter.Tagged(" "));
        Assert.Throws<ArgumentNullException>("other", () => filter.And(null!));
        Assert.Throws<ArgumentNullException>("other", () => filter.Or(null!));
    }

    /// <summary>Vectors of one number, which is also the id, so that answers to the query 0 come in the order of their ids.</summary>
    private static FlatIndex Numbers(int first, int count)
    {
        var index = new FlatIndex(1);
        index.Add(Column(first, count), first == 0 ? default : [.. Enumerable.Range(first, count).Select(id => (long)id)], cancellationToken: Cancellation);
        return index;
    }

    private static Matrix Column(int first, int count) => new(Enumerable.Range(first, count).Select(number => (float)number).ToArray(), 1);

    private static long[] Found(VectorIndex index, SearchFilter filter)
    {
        var answers = new Neighbor[1000];
        int found = index.Search(Query, answers, new SearchOptions { Filter = filter });
        Assert.All(answers[found..], answer => Assert.Equal(Neighbor.None, answer));
        return [.. answers[..found].Select(answer => answer.Id)];
    }
}
