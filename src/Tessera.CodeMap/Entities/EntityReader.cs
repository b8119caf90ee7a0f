using Tessera.CodeMap.Entities.Ctags;
using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Entities;

/// <summary>Reads the entities of any source file: C# by Roslyn, other languages by universal-ctags where it is installed, and what neither knows in stretches of lines. For many threads.</summary>
internal sealed class EntityReader(string? repository, Lexicon lexicon, CtagsProcess ctags)
{
    private readonly CSharpReader _csharp = new(repository, lexicon);
    private readonly CtagsReader _ctags = new(repository, lexicon, ctags);
    private readonly WindowReader _windows = new(repository, lexicon);

    /// <summary>Reads one file.</summary>
    /// <param name="fullPath">Where it is.</param>
    /// <param name="path">Its path relative to the map's root, with '/'.</param>
    /// <param name="text">Its text.</param>
    /// <param name="cancellationToken">Stops the parser.</param>
    public FileEntities Read(string fullPath, string path, string text, CancellationToken cancellationToken)
    {
        Language language = Language.Of(path) ?? throw new ArgumentException($"'{path}' is in no language that the map reads.", nameof(path));
        return language == Language.CSharp
            ? _csharp.Read(path, text, cancellationToken)
            : _ctags.Read(fullPath, path, text, language) ?? _windows.Read(path, text, language);
    }
}
