using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tessera.CodeMap.Entities;

/// <summary>The names that a declaration mentions: what it calls, creates and derives from.</summary>
internal static class Mentions
{
    /// <summary>Of a C# declaration; a type's own are its base types, its members speak for themselves.</summary>
    public static string[] Of(SyntaxNode declaration)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (declaration is BaseTypeDeclarationSyntax type)
        {
            foreach (BaseTypeSyntax baseType in type.BaseList?.Types ?? [])
                Add(baseType.Type, names);
            return [.. names];
        }

        foreach (SyntaxNode node in declaration.DescendantNodes(node => node is not MemberDeclarationSyntax || node == declaration || node is GlobalStatementSyntax))
        {
            switch (node)
            {
                case InvocationExpressionSyntax call:
                    Add(call.Expression, names);
                    break;
                case ObjectCreationExpressionSyntax creation:
                    Add(creation.Type, names);
                    break;
                // Type.Member: the type may be the one that is meant.
                case MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } when char.IsUpper(owner.Identifier.ValueText[0]):
                    names.Add(owner.Identifier.ValueText);
                    break;
            }
        }

        return [.. names];
    }

    /// <summary>Of code in another language: whatever stands before an opening bracket.</summary>
    public static string[] Of(IEnumerable<ReadOnlyMemory<char>> code, string ownName)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (ReadOnlyMemory<char> piece in code)
        {
            ReadOnlySpan<char> text = piece.Span;
            for (int bracket = text.IndexOf('('); bracket >= 0;)
            {
                int start = bracket;
                while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '_'))
                    start--;
                if (start < bracket && !char.IsDigit(text[start]))
                    names.Add(text[start..bracket].ToString());
                int next = text[(bracket + 1)..].IndexOf('(');
                bracket = next < 0 ? -1 : bracket + 1 + next;
            }
        }

        names.Remove(ownName);
        return [.. names];
    }

    private static void Add(SyntaxNode expression, SortedSet<string> names)
    {
        string? name = expression switch
        {
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
            _ => null,
        };
        if (!string.IsNullOrEmpty(name))
            names.Add(name);
    }
}
