using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Entities.Ctags;

/// <summary>Reads the entities of a file from the tags that universal-ctags finds in it.</summary>
internal sealed class CtagsReader(string? repository, Lexicon lexicon, CtagsProcess ctags)
{
    /// <summary>Reads one file.</summary>
    /// <param name="fullPath">Where it is.</param>
    /// <param name="path">Its path relative to the map's root, with '/'.</param>
    /// <param name="text">Its text.</param>
    /// <param name="language">Its language.</param>
    /// <returns>Null where ctags says nothing of the file.</returns>
    public FileEntities? Read(string fullPath, string path, string text, Language language)
    {
        if (ctags.Read(fullPath) is not { } tags)
            return null;
        var source = new SourceText(text, language);
        var factory = new EntityFactory(repository, path);
        var words = new TextTokens(new TokenBag(lexicon), path);
        var entities = new List<CodeEntity>();
        var tokens = new List<WeightedToken[]>();
        var mentions = new List<string[]>();
        foreach (CtagsTag tag in tags.OrderBy(tag => tag.Line))
        {
            // A file may have changed since it was read.
            if (KindOf(tag, language) is not { } kind || tag.Line < 1 || tag.Line > source.Lines)
                continue;
            int last = tag.End >= tag.Line ? Math.Min(tag.End, source.Lines) : source.EndOf(tag.Line);
            string scope = tag.Scope.Replace("::", ".", StringComparison.Ordinal);
            string documentation = source.DocumentationOf(tag.Line);
            entities.Add(factory.Make(scope, kind, tag.Name, tag.Line, last, documentation, source.Slice(tag.Line, last)));
            tokens.Add(words.Collect(tag.Name, scope, documentation, tag.Signature, source, tag.Line, last));
            mentions.Add(Mentions.Of(source.Code(tag.Line, last), tag.Name));
        }

        return entities.Count == 0 ? null : new FileEntities([.. entities], [.. tokens], [.. mentions]);
    }

    /// <summary>What a tag is to the map; null for what is no entity: variables, fields, imports, macros, anonymous functions.</summary>
    private static EntityKind? KindOf(CtagsTag tag, Language language) => tag.Kind switch
    {
        _ when tag.Name.Length == 0 || tag.Name.StartsWith("__anon", StringComparison.Ordinal) || tag.Name.StartsWith("anonymous", StringComparison.OrdinalIgnoreCase) => null,
        "class" or "object" or "case class" => EntityKind.Class,
        "struct" or "union" => EntityKind.Struct,
        "record" => EntityKind.Record,
        "interface" or "trait" or "protocol" or "typeclass" => EntityKind.Interface,
        "enum" => EntityKind.Enum,
        "method" or "singletonMethod" or "getter" or "setter" or "static method" => EntityKind.Method,
        // Python's members are methods, other languages' are data.
        "member" when language.Name == "Python" => EntityKind.Method,
        "constructor" => EntityKind.Constructor,
        "function" or "func" or "generator" or "subroutine" or "procedure" or "def" => tag.ScopeKind is "" or "package" or "namespace" or "module" ? EntityKind.Function : EntityKind.Method,
        _ => null,
    };
}
