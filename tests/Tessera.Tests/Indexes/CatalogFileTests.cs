using Tessera.Indexes;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Removed rows and tags in a file: they come back, and damage to them is refused.</summary>
public sealed class CatalogFileTests
{
    private const int Count = 70;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Removed_rows_and_tags_come_back_from_a_file()
    {
        using var folder = new TemporaryFolder();
        using (FlatIndex index = Make())
            index.Save(folder["index.tsr"]);
        using VectorIndex opened = VectorIndex.Open(folder["index.tsr"]);
        Assert.Equal((Count - 2, 2), (opened.Count, opened.RemovedCount));
        Assert.Equal(["new", "red"], opened.Tags);
        Assert.Equal([205, 269], Found(opened, "red"));
        Assert.Equal([200], Found(opened, "new"));
        Assert.DoesNotContain(203, Found(opened, null));
        opened.Compact(cancellationToken: Cancellation);
        Assert.Equal(0, opened.RemovedCount);
        Assert.Equal([205, 269], Found(opened, "red"));
    }

    [Fact]
    public void A_file_without_removed_rows_and_tags_has_no_sections_for_them()
    {
        using var folder = new TemporaryFolder();
        using (var index = new FlatIndex(2))
        {
            index.Add(TestVectors.Normal(5, 2, 1), cancellationToken: Cancellation);
            index.Save(folder["plain.tsr"]);
        }

        using TsrReader file = TsrReader.Open(folder["plain.tsr"]);
        Assert.Empty(file.Sections.Select(section => section.Name).Intersect(["live", "tags", "tag-rows"]));
    }

    [Fact]
    public void Rows_beyond_the_last_and_tags_that_are_blank_or_twice_are_refused()
    {
        using FlatIndex index = Make();
        using var file = new DamagedIndexFile(index, TestVectors.Normal(3, 2, 5));
        ulong[] live = file.Numbers<ulong>("live"), tagged = file.Numbers<ulong>("tag-rows");
        Assert.Equal((2, 4), (live.Length, tagged.Length));
        Assert.True(file.OpensWith("live", 1, live[1]));
        Assert.False(file.OpensWith("live", 1, live[1] | 1UL << 6));
        Assert.False(file.OpensWith("tag-rows", 3, tagged[3] | 1UL << 63));
        Assert.False(file.OpensWith<long>("ids", 4, -5));
        Assert.Equal("new\nred"u8.ToArray(), file.Numbers<byte>("tags"));
        foreach (string tags in (string[])["red\nred", "new\n   ", "\nnewred", "newwred", "a\nb\nc\nd"])
        {
            byte[] damaged = [.. file.Whole];
            System.Text.Encoding.UTF8.GetBytes(tags).CopyTo(damaged, file["tags"].Offset);
            Assert.False(file.Opens(file.Seal(damaged)), tags);
        }
    }

    [Fact]
    public void A_byte_changed_anywhere_in_these_sections_is_found()
    {
        using FlatIndex index = Make();
        using var file = new DamagedIndexFile(index, TestVectors.Normal(3, 2, 5));
        foreach (string section in (string[])["live", "tags", "tag-rows", "ids"])
        {
            for (int at = 0; at < file[section].Bytes; at++)
            {
                byte[] damaged = [.. file.Whole];
                damaged[file[section].Offset + at] ^= 4;
                Assert.False(file.Opens(damaged));
            }
        }
    }

    private static FlatIndex Make()
    {
        var index = new FlatIndex(2);
        index.Add(TestVectors.Normal(Count, 2, 1), [.. Enumerable.Range(200, Count).Select(id => (long)id)], cancellationToken: Cancellation);
        index.Tag("red", [205, 203, 269]);
        index.Tag("new", [200]);
        index.Remove([203, 230]);
        return index;
    }

    private static long[] Found(VectorIndex index, string? tag)
    {
        var answers = new Neighbor[Count];
        int found = index.Search(new float[2], answers, new SearchOptions { Filter = tag is null ? null : SearchFilter.Tagged(tag) });
        return [.. answers[..found].Select(answer => answer.Id).Order()];
    }
}
