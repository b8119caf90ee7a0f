global using RowSnapshot = Tessera.Storage.RowSnapshot<float>;
global using RowStore = Tessera.Storage.RowStore<float>;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Storage;

public sealed class RowStoreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(700)]
    [InlineData(1024)]
    [InlineData(1500)]
    public void Rows_come_back_as_they_were_appended(int dimension)
    {
        // Of 700 numbers and more, 2,600 rows fill several chunks.
        Matrix rows = TestVectors.Normal(2600, dimension, 1);
        foreach (int piece in (int[])[1, 333, 1024, 2600])
        {
            var store = new RowStore(dimension);
            Append(store, rows, piece);

            Assert.Equal((2600, dimension), (store.Snapshot.Rows, store.Snapshot.Dimension));
            AssertHolds(rows, store.Snapshot);
        }
    }

    [Fact]
    public void A_snapshot_is_undisturbed_by_what_is_appended_behind_it()
    {
        Matrix rows = TestVectors.Normal(3000, 512, 1);
        var store = new RowStore(512);
        var snapshots = new List<RowSnapshot> { store.Snapshot };
        for (int start = 0; start < 3000; start += 250)
        {
            store.Append(rows.Slice(start, 250).Span);
            snapshots.Add(store.Snapshot);
        }

        for (int i = 0; i < snapshots.Count; i++)
        {
            Assert.Equal(250 * i, snapshots[i].Rows);
            AssertHolds(rows, snapshots[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(2100)]
    public void Rows_that_lie_elsewhere_are_used_in_place_and_copied_only_to_be_appended_to(int count)
    {
        const int Dimension = 1024;
        Matrix rows = TestVectors.Normal(2600, Dimension, 1);
        float[] elsewhere = rows.Slice(0, count).Span.ToArray();
        var store = new RowStore(Dimension);
        store.Attach((start, length) => new ReadOnlyMemory<float>(elsewhere, (int)start, length), count);
        AssertHolds(rows, store.Snapshot);
        Assert.Equal(4L * count * Dimension, store.Snapshot.Bytes);
        RowSnapshot before = store.Snapshot;
        Assert.True(before.Chunks[0].Span.Overlaps(elsewhere));

        store.Append(rows.Slice(count, 2600 - count).Span);

        AssertHolds(rows, store.Snapshot);
        AssertHolds(rows, before);
        Assert.Equal(rows.Slice(0, count).Span, elsewhere);
        // Whole chunks stay where they are.
        Assert.Equal(count >= 1024, store.Snapshot.Chunks[0].Span.Overlaps(elsewhere));
    }

    [Fact]
    public void Runs_end_with_their_chunk_and_chunks_hold_whole_blocks()
    {
        foreach (int dimension in (int[])[1, 5, 100, 784, 1025, 5000])
        {
            int count = dimension > 1000 ? 1500 : 3000;
            var store = new RowStore(dimension);
            store.Append(new float[count * dimension]);
            RowSnapshot snapshot = store.Snapshot;
            int row = 0;
            while (row < count)
            {
                int length = snapshot.Run(row, int.MaxValue).Length / dimension;
                Assert.True(length > 0 && (length % RowStore.ChunkMultiple == 0 || row + length == count), $"{length} rows of dimension {dimension} from row {row}");
                Assert.Equal(Math.Min(length, 7) * dimension, snapshot.Run(row, 7).Length);
                row += length;
            }

            Assert.Equal(count, row);
        }
    }

    [Fact]
    public void Room_grows_by_doubling_up_to_a_chunk()
    {
        var store = new RowStore(512);
        var row = new float[512];
        var sizes = new HashSet<long>();
        for (int i = 0; i < 2100; i++)
        {
            store.Append(row);
            sizes.Add(store.Snapshot.Bytes);
        }

        Assert.InRange(sizes.Count, 2, 2 * 13);
        Assert.InRange(store.Snapshot.Bytes, 2100L * 2048, 2 * 2100L * 2048);
    }

    private static void Append(RowStore store, Matrix rows, int piece)
    {
        for (int start = 0; start < rows.Rows; start += piece)
            store.Append(rows.Slice(start, Math.Min(piece, rows.Rows - start)).Span);
    }

    /// <summary>That a snapshot holds the first rows, one by one and in runs.</summary>
    private static void AssertHolds(Matrix rows, RowSnapshot snapshot)
    {
        for (int row = 0; row < snapshot.Rows; row++)
            Assert.True(rows[row].SequenceEqual(snapshot[row]), $"row {row}");
        for (int row = 0, count; row < snapshot.Rows; row += count)
        {
            ReadOnlySpan<float> run = snapshot.Run(row, 300);
            count = run.Length / rows.Dimension;
            Assert.True(rows.Slice(row, count).Span.SequenceEqual(run), $"{count} rows from {row}");
        }
    }
}
