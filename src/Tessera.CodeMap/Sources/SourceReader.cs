using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Entities.Ctags;
using Tessera.CodeMap.Storage;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Sources;

/// <summary>Reads the source files of a folder by many threads; of files that are as they were, nothing.</summary>
internal static class SourceReader
{
    /// <summary>Reads them.</summary>
    /// <param name="root">The folder, as a full path.</param>
    /// <param name="options">Settings.</param>
    /// <param name="lexicon">Gets the words of the files that are read.</param>
    /// <param name="known">What is known of files from before; null for nothing.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static SourceReading Read(
        string root, CodeMapOptions options, Lexicon lexicon, IReadOnlyDictionary<string, KnownFile>? known, IProgress<CodeMapProgress>? progress, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{root}' to map.");
        (List<string> paths, int unreadableFolders) = SourceTree.List(root, cancellationToken);
        using var ctags = new CtagsProcess(options.FileTimeLimit);
        var reader = new EntityReader(options.Repository, lexicon, ctags);
        var entities = new FileEntities[paths.Count];
        var files = new FileRecord?[paths.Count];
        var verdicts = new SourceFile.Verdict[paths.Count];
        int done = 0, readAgain = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads == 0 ? -1 : options.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, paths.Count, parallel, i =>
        {
            string full = Path.Combine(root, paths[i]);
            KnownFile? before = known?.GetValueOrDefault(paths[i]);
            SourceFile.Content content = SourceFile.Read(full, options.MaxFileBytes, before?.File.Hash);
            verdicts[i] = content.Verdict;
            if (content.Verdict == SourceFile.Verdict.Source)
            {
                files[i] = content.Text is null ? before!.File : new FileRecord(options.Repository ?? "", paths[i], content.Hash, content.Text);
                entities[i] = content.Text is null ? before!.Entities : reader.Read(full, paths[i], content.Text, cancellationToken);
                Interlocked.Add(ref readAgain, content.Text is null ? 0 : 1);
            }

            progress?.Report(new CodeMapProgress("reading files", Interlocked.Increment(ref done), paths.Count));
        });
        var skipped = new SkippedFiles(
            verdicts.Count(verdict => verdict == SourceFile.Verdict.Huge),
            verdicts.Count(verdict => verdict == SourceFile.Verdict.Binary),
            verdicts.Count(verdict => verdict == SourceFile.Verdict.Generated),
            verdicts.Count(verdict => verdict == SourceFile.Verdict.Unreadable) + unreadableFolders);
        FileEntities[] found = [.. entities.Where(file => file.Entities is not null)];
        var contents = new MapContents(
            [.. files.OfType<FileRecord>()],
            [.. found.SelectMany(file => file.Entities)],
            [.. found.SelectMany(file => file.Tokens)],
            [.. found.SelectMany(file => file.Mentions)]);
        return new SourceReading(contents, skipped, readAgain);
    }
}
