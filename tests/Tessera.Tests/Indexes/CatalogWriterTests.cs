using Tessera.Indexes;

namespace Tessera.Tests.Indexes;

public sealed class CatalogWriterTests
{
    [Fact]
    public void Ids_that_equal_their_ordinals_are_not_kept()
    {
        var writer = new CatalogWriter(Catalog.Of(0, default));
        Commit(writer, writer.Append(writer.Current, 3, default));
        Commit(writer, writer.Append(writer.Current, 2, [3, 4]));
        Assert.True(writer.Current.Ids.IsEmpty);
        Commit(writer, writer.Append(writer.Current, 1, [9]));
        Assert.Equal([0, 1, 2, 3, 4, 9], writer.Current.Ids.ToArray());
        Commit(writer, writer.Append(writer.Current, 2, default));
        Assert.Equal([0, 1, 2, 3, 4, 9, 10, 11], writer.Current.Ids.ToArray());
    }

    [Fact]
    public void What_was_not_committed_leaves_no_trace()
    {
        var writer = new CatalogWriter(Catalog.Of(2, default));
        writer.Append(writer.Current, 2, [50, 60]);
        writer.Remove(writer.Current, [0], out _);
        writer.Tag("red", [0], bears: true);
        Assert.Equal((2, 2, 0), (writer.Current.Rows, writer.Current.Count, writer.Current.Tags.Count));
        Commit(writer, writer.Append(writer.Current, 1, default));
        Assert.Equal((3, true), (writer.Current.Rows, writer.Current.Ids.IsEmpty));
    }

    [Fact]
    public void A_catalog_in_use_does_not_change_when_others_come_after_it()
    {
        var writer = new CatalogWriter(Catalog.Of(0, default));
        Commit(writer, writer.Append(writer.Current, 4, [10, 20, 30, 40]));
        Catalog inUse = writer.Current;
        Commit(writer, writer.Append(writer.Current, 100, default));
        Commit(writer, writer.Remove(writer.Current, [10, 30], out int removed));
        Assert.Equal(2, removed);
        Commit(writer, writer.Compact(writer.Current.Live!.Members));
        Commit(writer, writer.Append(writer.Current, 2, [7, 8]));
        Assert.Equal([10, 20, 30, 40], inUse.Ids.ToArray());
        Assert.Null(inUse.Live);
        Assert.Equal([20, 40, 41], writer.Current.Ids.ToArray()[..3]);
        Assert.Equal([140, 7, 8], writer.Current.Ids.ToArray()[^3..]);
    }

    [Fact]
    public void Ids_of_removed_vectors_are_not_given_out_again_even_after_compaction()
    {
        var writer = new CatalogWriter(Catalog.Of(5, default));
        Commit(writer, writer.Remove(writer.Current, [3, 4], out _));
        Commit(writer, writer.Compact(writer.Current.Live!.Members));
        Assert.True(writer.Current.Ids.IsEmpty);
        Commit(writer, writer.Append(writer.Current, 2, default));
        Assert.Equal([0, 1, 2, 5, 6], writer.Current.Ids.ToArray());
    }

    [Fact]
    public void All_vectors_of_an_id_go_together_and_none_comes_back()
    {
        var writer = new CatalogWriter(Catalog.Of(0, default));
        Commit(writer, writer.Append(writer.Current, 4, [5, 6, 5, 5]));
        Commit(writer, writer.Remove(writer.Current, [5, 5, 99, -1], out int removed));
        Assert.Equal((3, 1), (removed, writer.Current.Count));
        Catalog before = writer.Current;
        Assert.Same(before, writer.Remove(before, [5], out removed));
        Assert.Equal(0, removed);
        Commit(writer, writer.Append(writer.Current, 2, [5, 5]));
        Assert.Equal([1, 4, 5], writer.Current.Live!.Members.ToArray());
        Commit(writer, writer.Replace([5, 6, 7], out int replaced));
        Assert.Equal(3, replaced);
        Assert.Equal([6, 7, 8], writer.Current.Live!.Members.ToArray());
    }

    [Fact]
    public void No_numbers_are_left_above_the_largest_id()
    {
        var writer = new CatalogWriter(Catalog.Of(0, default));
        Commit(writer, writer.Append(writer.Current, 1, [long.MaxValue - 1]));
        Commit(writer, writer.Append(writer.Current, 1, default));
        Assert.Equal(long.MaxValue, writer.Current.IdOf(1));
        Assert.Throws<ArgumentException>(() => writer.Append(writer.Current, 1, default));
    }

    private static void Commit(CatalogWriter writer, Catalog next) => writer.Commit(next);
}
