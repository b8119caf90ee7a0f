using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tessera.CodeMap.Entities;

/// <summary>Reads the comment above a declaration as plain text: XML tags gone, references by their name.</summary>
internal static class DocumentationText
{
    /// <summary>The documentation comment in <paramref name="trivia"/>, or else the plain comment that stands directly above the declaration; empty without either.</summary>
    public static string Of(SyntaxTriviaList trivia)
    {
        var documentation = new StringBuilder();
        var plain = new StringBuilder();
        int lineEnds = 0;
        foreach (SyntaxTrivia piece in trivia)
        {
            if (piece.IsKind(SyntaxKind.EndOfLineTrivia))
            {
                // A blank line parts a comment from the declaration: it speaks of something else.
                if (++lineEnds > 1)
                    plain.Clear();
                continue;
            }

            if (piece.IsKind(SyntaxKind.WhitespaceTrivia))
                continue;
            lineEnds = 0;
            if (!IsComment(piece))
                continue;
            string text = piece.ToString();
            bool isDocumentation = text.StartsWith("///", StringComparison.Ordinal) || text.StartsWith("/**", StringComparison.Ordinal);
            AppendLines(isDocumentation ? documentation : plain, text);
        }

        return documentation.Length > 0 ? WithoutMarkup(documentation.ToString()) : Squeeze(plain.ToString());
    }

    /// <summary>A comment's words without its slashes and stars.</summary>
    public static string OfComment(SyntaxTrivia comment)
    {
        var text = new StringBuilder();
        AppendLines(text, comment.ToString());
        return text.ToString();
    }

    /// <summary>Whether the trivia is a comment of any form.</summary>
    public static bool IsComment(SyntaxTrivia trivia) =>
        trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static void AppendLines(StringBuilder target, string comment)
    {
        foreach (ReadOnlySpan<char> line in comment.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> text = line.Trim();
            text = text.EndsWith("*/") ? text[..^2] : text;
            target.Append(text.TrimStart("/*")).Append('\n');
        }
    }

    /// <summary>Takes XML tags out, keeping what <c>cref</c>, <c>name</c> and <c>langword</c> refer to. Text that is no XML passes through.</summary>
    internal static string WithoutMarkup(string xml)
    {
        var text = new StringBuilder(xml.Length);
        int at = 0;
        while (at < xml.Length)
        {
            int open = xml.IndexOf('<', at);
            int close = open < 0 ? -1 : xml.IndexOf('>', open);
            if (close < 0)
                break;
            text.Append(xml, at, open - at);
            ReadOnlySpan<char> tag = xml.AsSpan(open + 1, close - open - 1);
            // "a < b" is not a tag.
            if (tag.IsEmpty || !(char.IsAsciiLetter(tag[0]) || tag[0] is '/' or '!'))
            {
                text.Append('<');
                at = open + 1;
                continue;
            }

            AppendReference(text, tag);
            at = close + 1;
        }

        text.Append(xml, at, xml.Length - at);
        return Squeeze(WebUtility.HtmlDecode(text.ToString()));
    }

    private static void AppendReference(StringBuilder text, ReadOnlySpan<char> tag)
    {
        bool introduces = tag.StartsWith("param ", StringComparison.Ordinal) || tag.StartsWith("exception ", StringComparison.Ordinal);
        if (!introduces && !tag.StartsWith("see", StringComparison.Ordinal) && !tag.StartsWith("paramref", StringComparison.Ordinal)
            && !tag.StartsWith("typeparamref", StringComparison.Ordinal))
        {
            // <c> stands within a sentence; what ends or begins a block parts the words around it.
            if (tag is "/summary" or "/param" or "para" or "/para" or "/item" or "/exception" or "/typeparam" or "/remarks")
                text.Append(' ');
            return;
        }

        int open = tag.IndexOf('"'), close = tag.LastIndexOf('"');
        if (close <= open)
            return;
        ReadOnlySpan<char> name = tag[(open + 1)..close];
        if (name.Length > 1 && name[1] == ':')
            name = name[2..];
        int end = name.IndexOfAny('(', '{');
        text.Append(end < 0 ? name : name[..end]);
        if (introduces)
            text.Append(": ");
    }

    private static string Squeeze(string text)
    {
        var squeezed = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            if (!char.IsWhiteSpace(letter))
                squeezed.Append(letter);
            else if (squeezed.Length > 0 && squeezed[^1] != ' ')
                squeezed.Append(' ');
        }

        return squeezed.ToString().TrimEnd();
    }
}
