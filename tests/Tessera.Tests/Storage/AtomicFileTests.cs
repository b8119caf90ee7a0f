using Tessera.Storage;

namespace Tessera.Tests.Storage;

/// <summary>Apart from the other tests, whose unfinished files the end of the process would take as well.</summary>
[CollectionDefinition(nameof(AtomicFileTests), DisableParallelization = true)]
[Collection(nameof(AtomicFileTests))]
public sealed class AtomicFileTests
{
    [Fact]
    public void A_process_that_exits_leaves_only_finished_files()
    {
        using var folder = new TemporaryFolder();
        string kept = folder["kept"], finished = folder["finished"];
        File.WriteAllText(kept, "before");
        using var abandoned = AtomicFile.Create(kept);
        abandoned.Stream.Write("half of wh"u8);
        using (var file = AtomicFile.Create(finished))
        {
            file.Stream.Write("whole"u8);
            file.Commit();
        }

        AtomicFile.DeleteUnfinished();

        Assert.Equal(["finished", "kept"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(("before", "whole"), (File.ReadAllText(kept), File.ReadAllText(finished)));
    }
}
