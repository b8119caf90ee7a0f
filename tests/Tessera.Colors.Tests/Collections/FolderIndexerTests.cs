using Tessera.Colors.Collections;
using Tessera.Quantization;

namespace Tessera.Colors.Tests.Collections;

public sealed class FolderIndexerTests : IDisposable
{
    private readonly PaintedFolder _folder = new();
    private readonly InMemoryImageCatalog _catalog = new();

    public FolderIndexerTests()
    {
        _folder.Paint("a.png", "#ff0000 100");
        _folder.Paint("in/b.JPG", "#00ff00 100");
        _folder.Paint("in/deep/c.webp", "#0000ff 50,#ffffff 50");
        _folder.Paint("notes.txt", "no image");
    }

    public void Dispose()
    {
        _catalog.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void All_images_of_all_folders_are_found_once()
    {
        IndexingReport first = Index(), second = Index();

        Assert.Equal((3, 3, 0), (first.Files, first.Added, first.Unchanged));
        Assert.Equal((3, 0, 3, false), (second.Files, second.Added, second.Unchanged, second.HasChanges));
        Assert.Equal(["a.png", "in/b.JPG", "in/deep/c.webp"], _catalog.Rows().Select(row => row.Path));
        Assert.Equal(3, _folder.Decoded);
    }

    [Fact]
    public void Only_what_changed_is_read_again_and_ids_stay()
    {
        Index();
        var ids = Ids();
        _folder.Paint("a.png", "#00ffff 100,#000000 1");
        _folder.Paint("new.png", "#123456 10");
        File.Delete(_folder["in/b.JPG"]);

        IndexingReport report = Index();

        Assert.Equal((1, 1, 1, 1), (report.Added, report.Changed, report.Removed, report.Unchanged));
        Assert.Equal(5, _folder.Decoded);
        Assert.Equal(ids["a.png"], Ids()["a.png"]);
        Assert.DoesNotContain(Ids()["new.png"], ids.Values);
    }

    [Fact]
    public void An_image_that_was_moved_or_touched_keeps_its_id_and_its_tags_without_being_decoded()
    {
        Index();
        var ids = Ids();
        _catalog.SetTags(ids["in/b.JPG"], ["holiday"]);
        File.Move(_folder["in/b.JPG"], _folder["moved.jpg"]);
        File.SetLastWriteTimeUtc(_folder["a.png"], DateTime.UtcNow.AddDays(-9));

        IndexingReport report = Index();

        Assert.Equal((0, 0, 2, 0), (report.Added, report.Changed, report.Moved, report.Removed));
        Assert.Equal(3, _folder.Decoded);
        Assert.Equal(ids["in/b.JPG"], Ids()["moved.jpg"]);
        Assert.Equal(["holiday"], _catalog.Find(ids["in/b.JPG"])!.Tags);
    }

    [Fact]
    public void A_copy_is_an_image_of_its_own_also_where_the_original_was_moved()
    {
        Index();
        File.Copy(_folder["a.png"], _folder["copy 1.png"]);
        File.Move(_folder["a.png"], _folder["copy 2.png"]);

        IndexingReport report = Index();

        Assert.Equal((1, 1), (report.Added, report.Moved));
        Assert.Equal(4, Ids().Values.Distinct().Count());
    }

    [Fact]
    public void Broken_images_are_named_counted_and_not_tried_again_until_they_change()
    {
        _folder.Paint("broken.png", "rubbish");

        IndexingReport first = Index(), second = Index();
        _folder.Paint("broken.png", "#ff00ff 20");
        IndexingReport third = Index();

        Assert.Equal(new BrokenFile("broken.png", "this is no image"), Assert.Single(first.Broken));
        Assert.Single(second.Broken);
        Assert.Equal(4, second.Unchanged);
        Assert.Empty(third.Broken);
        Assert.Equal(1, third.Added);
    }

    [Fact]
    public void An_image_that_breaks_is_no_longer_found()
    {
        Index();
        _folder.Paint("a.png", "rubbish");

        Index();

        Assert.Equal(["in/b.JPG", "in/deep/c.webp"], Ids().Keys);
    }

    [Fact]
    public void A_run_that_was_stopped_is_gone_on_with()
    {
        for (int i = 0; i < 40; i++)
            _folder.Paint($"many/{i:00}.png", $"#{i:00}{i:00}40 10");
        using var stop = new CancellationTokenSource();
        var progress = new StopAfter(2, stop);

        Assert.Throws<OperationCanceledException>(() => new FolderIndexer(_folder.Root, _catalog, _folder, new IndexingOptions { Batch = 8 }).Run(progress, stop.Token));
        int stored = _catalog.Rows().Count();
        IndexingReport report = Index();

        Assert.Equal(16, stored);
        Assert.Equal((16, 27), (report.Unchanged, report.Added));
        Assert.Equal(43, _catalog.Rows().Count());
    }

    [Fact]
    public void A_catalogue_is_of_one_folder()
    {
        Index();

        Assert.Throws<ArgumentException>(() => new FolderIndexer(_folder["in"], _catalog, _folder));
        Assert.Throws<DirectoryNotFoundException>(() => new FolderIndexer(_folder["nowhere"], new InMemoryImageCatalog(), _folder));
    }

    [Fact]
    public void A_watcher_tells_of_a_change_after_it()
    {
        using var watcher = new FolderWatcher(_folder.Root, TimeSpan.FromMilliseconds(50));
        _folder.Paint("in/new.png", "#ffffff 3");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        watcher.Wait(patience.Token);

        using var nothing = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.Throws<OperationCanceledException>(() => watcher.Wait(nothing.Token));
    }

    private IndexingReport Index() => new FolderIndexer(_folder.Root, _catalog, _folder).Run(null, TestContext.Current.CancellationToken);

    private Dictionary<string, long> Ids() => _catalog.Rows().ToDictionary(row => row.Path, row => row.Id);

    private sealed class StopAfter(int reports, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        private int _reports;

        public void Report(TrainingProgress value)
        {
            if (++_reports == reports)
                stop.Cancel();
        }
    }
}
