using System.Collections.Frozen;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Entities;

/// <summary>Gathers the words of declarations that no parser has read.</summary>
internal sealed class TextTokens(TokenBag bag, string path)
{
    // What a lexer would not call an identifier, in any of the languages that are read this way.
    private static readonly FrozenSet<string> Keywords = FrozenSet.ToFrozenSet(
        [
            "abstract", "and", "as", "async", "await", "begin", "bool", "break", "case", "catch", "char", "class", "const", "continue", "def", "default",
            "defer", "del", "do", "double", "elif", "else", "elsif", "end", "enum", "except", "export", "extends", "extern", "false", "final", "finally",
            "float", "fn", "for", "from", "func", "function", "go", "goto", "if", "impl", "implements", "import", "in", "include", "inline", "instanceof",
            "int", "interface", "is", "lambda", "let", "local", "long", "loop", "match", "mod", "mut", "namespace", "new", "nil", "none", "not", "null",
            "or", "override", "package", "pass", "private", "protected", "pub", "public", "raise", "range", "ref", "require", "rescue", "return", "self",
            "short", "sizeof", "static", "str", "struct", "super", "switch", "template", "then", "this", "throw", "throws", "trait", "true", "try", "type",
            "typedef", "typename", "undefined", "union", "unless", "unsafe", "unsigned", "until", "use", "using", "val", "var", "virtual", "void",
            "volatile", "when", "where", "while", "with", "yield",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The weighted tokens of one entity.</summary>
    /// <param name="name">Its name; empty for a stretch of lines.</param>
    /// <param name="scope">Enclosing namespaces and types, joined by '.'.</param>
    /// <param name="documentation">What is said of it.</param>
    /// <param name="signature">Its parameters, where they are known.</param>
    /// <param name="source">The file.</param>
    /// <param name="first">Its first line.</param>
    /// <param name="last">Its last line.</param>
    public WeightedToken[] Collect(string name, string scope, string documentation, string signature, SourceText source, int first, int last)
    {
        if (name.Length > 0)
            bag.Add(name, TextPart.Name);
        string container = scope[(scope.LastIndexOf('.') + 1)..];
        if (container.Length > 0)
            bag.Add(container, TextPart.Container);
        bag.AddText(Path.ChangeExtension(path, null), TextPart.Path);
        bag.AddText(scope, TextPart.Path);
        bag.AddText(documentation, TextPart.Documentation);
        AddWords(signature, TextPart.Signature);
        foreach ((TextSegmentKind kind, ReadOnlyMemory<char> text) in source.Segments(first, last))
        {
            switch (kind)
            {
                case TextSegmentKind.Code:
                    AddWords(text.Span, TextPart.Body);
                    break;
                // Its own has counted above; what members say of themselves is theirs.
                case TextSegmentKind.Docstring:
                    break;
                default:
                    bag.AddText(text.Span, kind == TextSegmentKind.Comment ? TextPart.Comment : TextPart.Literal);
                    break;
            }
        }

        return bag.Take();
    }

    private void AddWords(ReadOnlySpan<char> code, TextPart part)
    {
        for (int start = 0; start < code.Length; start++)
        {
            if (!char.IsLetter(code[start]) && code[start] != '_')
                continue;
            int end = start + 1;
            while (end < code.Length && (char.IsLetterOrDigit(code[end]) || code[end] == '_'))
                end++;
            string word = code[start..end].ToString();
            if (!Keywords.Contains(word))
                bag.Add(word, part);
            start = end;
        }
    }
}
