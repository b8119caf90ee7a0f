using System.Diagnostics;
using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap;

/// <summary>Maps the source files of a folder: entities by syntax (C# by Roslyn, other languages by universal-ctags where it is installed, else by stretches of lines), vectors by hashed tokens, layers of clusters by k-means, summaries from the code's own words. Needs no model and no network, unless the options name a model for vectors or summaries.</summary>
public static class CodeMapBuilder
{
    /// <summary>Builds a map.</summary>
    /// <param name="root">The folder. Files that <c>.gitignore</c> names are left out, and so are folders named bin, obj and node_modules, those that begin with a dot, and links.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="progress">Told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="Models.ModelException">The model that gives the vectors fails.</exception>
    public static CodeMapSnapshot Build(string root, CodeMapOptions? options = null, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        options ??= CodeMapOptions.Default;
        // Checks the settings before anything is read.
        var maker = new MapMaker(options, progress, cancellationToken);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        long start = Stopwatch.GetTimestamp();
        var lexicon = new Lexicon(options.ReadDocumentation);
        SourceReading reading = SourceReader.Read(root, options, lexicon, null, progress, cancellationToken);
        var source = new MapSource(root, reading.Skipped, Stopwatch.GetElapsedTime(start));
        CodeMapSnapshot map = maker.MakeAsync(source, reading.Contents, lexicon.Glossary()).GetAwaiter().GetResult();
        progress?.Report(new CodeMapProgress("indexing", 0, map.Entities.Count));
        map.MakeIndex(options.Threads, cancellationToken);
        return map;
    }
}
