using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Storage;

public sealed class SpillFileTests
{
    [Fact]
    public void Rows_that_spill_over_several_chunks_come_back_as_they_were_appended()
    {
        // 4,096 rows of 4,096 numbers fill a chunk of 64 MiB.
        const int Dimension = 4096, Rows = 4500;
        using var store = new RowStore<float>(Dimension, spills: true);
        Matrix block = TestVectors.Normal(500, Dimension, 1);
        for (int start = 0; start < Rows; start += block.Rows)
            store.Append(block.Span);

        Assert.Equal((Rows, 2), (store.Snapshot.Rows, store.Snapshot.Chunks.Length));
        foreach (int row in (int[])[0, 1, 4095, 4096, 4499])
            Assert.Equal(block[row % block.Rows], store.Snapshot[row]);
        var copies = new float[3 * Dimension];
        store.Snapshot.CopyTo(4094, copies);
        Assert.Equal([.. block[94], .. block[95], .. block[96]], copies);
    }

    [Fact]
    public void A_full_disk_is_told_with_the_folder_and_leaves_rows_as_they_were()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
        using var file = new SpillFile(File.OpenHandle("/dev/full", FileMode.Open, FileAccess.ReadWrite), "/somewhere");

        var failure = Assert.Throws<IOException>(() => file.Write<float>(0, new float[100]));

        Assert.StartsWith("/somewhere: the vectors of the index do not fit there", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SpillFolder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_append_can_be_tried_again_and_a_snapshot_restored()
    {
        using var folder = new TemporaryFolder();
        Matrix rows = TestVectors.Normal(100, 8, 1);
        using var store = new RowStore<float>(8, spills: true);
        Assert.Throws<DirectoryNotFoundException>(() => store.Append(rows.Span, folder["none"]));
        Assert.Equal(0, store.Snapshot.Rows);

        store.Append(rows.Slice(0, 60).Span, folder.Path);
        RowSnapshot<float> before = store.Snapshot;
        store.Append(rows.Slice(0, 40).Span);
        store.Restore(before);
        store.Append(rows.Slice(60, 40).Span);

        Assert.Equal(60, before.Rows);
        var all = new float[100 * 8];
        store.Snapshot.CopyTo(0, all);
        Assert.Equal(rows.Span.ToArray(), all);
    }

    [Fact]
    public void Rows_that_lie_elsewhere_are_copied_to_the_file_when_more_come()
    {
        Matrix rows = TestVectors.Normal(300, 8, 1);
        using var store = new RowStore<float>(8, spills: true);
        store.Attach((start, count) => rows.Values.Slice((int)start, count), 200);
        store.Append(rows.Slice(200, 100).Span);

        for (int i = 0; i < 300; i++)
            Assert.Equal(rows[i], store.Snapshot[i]);
    }
}
