using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Entities;

/// <summary>Gathers the words of C# declarations by the part of the declaration that they stand in.</summary>
internal sealed class TokenCollector(TokenBag bag, string path)
{
    /// <summary>The weighted tokens of one entity.</summary>
    public WeightedToken[] Collect(SyntaxNode node, string name, string scope, string documentation)
    {
        // A constructor bears its type's name, which counts as its container.
        if (node is not (CompilationUnitSyntax or ConstructorDeclarationSyntax or DestructorDeclarationSyntax))
            bag.Add(name, TextPart.Name);
        string container = node.Parent is BaseTypeDeclarationSyntax type ? type.Identifier.ValueText : "";
        if (container.Length > 0)
            bag.Add(container, TextPart.Container);
        bag.AddText(path.AsSpan(0, path.LastIndexOf('.')), TextPart.Path);
        bag.AddText(scope, TextPart.Path);
        bag.AddText(documentation, TextPart.Documentation);
        switch (node)
        {
            case CompilationUnitSyntax unit:
                foreach (GlobalStatementSyntax statement in unit.Members.OfType<GlobalStatementSyntax>())
                    CollectCode(statement, int.MinValue);
                break;
            case TypeDeclarationSyntax declaration:
                CollectHead(declaration);
                CollectMembers(declaration);
                break;
            case EnumDeclarationSyntax declaration:
                foreach (EnumMemberDeclarationSyntax member in declaration.Members)
                    CollectMember(member, member.Identifier.ValueText);
                break;
            default:
                CollectCode(node, BodyStart(node));
                break;
        }

        return bag.Take();
    }

    private static int BodyStart(SyntaxNode node)
    {
        SyntaxNode? body = node switch
        {
            BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
            PropertyDeclarationSyntax property => (SyntaxNode?)property.AccessorList ?? property.ExpressionBody,
            IndexerDeclarationSyntax indexer => (SyntaxNode?)indexer.AccessorList ?? indexer.ExpressionBody,
            BasePropertyDeclarationSyntax property => property.AccessorList,
            _ => null,
        };
        return body?.SpanStart ?? int.MaxValue;
    }

    // Base types, type parameters and the parameters of a primary constructor.
    private void CollectHead(TypeDeclarationSyntax declaration)
    {
        int start = declaration.Identifier.Span.End;
        // "record Point(int X);" has no braces.
        int end = declaration.OpenBraceToken.SpanStart > start ? declaration.OpenBraceToken.SpanStart : declaration.Span.End;
        foreach (SyntaxToken token in declaration.DescendantTokens(TextSpan.FromBounds(start, end)))
        {
            if (token.IsKind(SyntaxKind.IdentifierToken) && token.SpanStart >= start)
                bag.Add(token.ValueText, TextPart.Signature);
        }
    }

    private void CollectMembers(TypeDeclarationSyntax declaration)
    {
        foreach (MemberDeclarationSyntax member in declaration.Members)
        {
            switch (member)
            {
                case BaseFieldDeclarationSyntax field:
                    foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
                        CollectMember(member, variable.Identifier.ValueText);
                    break;
                case PropertyDeclarationSyntax property:
                    CollectMember(member, property.Identifier.ValueText);
                    break;
                case MethodDeclarationSyntax method:
                    bag.Add(method.Identifier.ValueText, TextPart.Member);
                    break;
                case BaseTypeDeclarationSyntax type:
                    bag.Add(type.Identifier.ValueText, TextPart.Member);
                    break;
            }
        }
    }

    private void CollectMember(SyntaxNode member, string name)
    {
        bag.Add(name, TextPart.Member);
        bag.AddText(DocumentationText.Of(member.GetLeadingTrivia()), TextPart.Comment);
    }

    private void CollectCode(SyntaxNode node, int bodyStart)
    {
        int attributesEnd = node is MemberDeclarationSyntax { AttributeLists.Count: > 0 } member ? member.AttributeLists.Span.End : int.MinValue;
        SyntaxToken first = node.GetFirstToken();
        foreach (SyntaxToken token in node.DescendantTokens())
        {
            // The comment above the declaration has been read as its documentation.
            if (token != first && token.HasLeadingTrivia)
                CollectComments(token.LeadingTrivia);
            if (token.HasTrailingTrivia)
                CollectComments(token.TrailingTrivia);
            TextPart part = token.SpanStart < attributesEnd ? TextPart.Literal
                : token.SpanStart < bodyStart ? TextPart.Signature
                : TextPart.Body;
            switch (token.Kind())
            {
                case SyntaxKind.IdentifierToken:
                    bag.Add(token.ValueText, part);
                    break;
                case SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
                    or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken:
                    bag.AddText(token.ValueText, TextPart.Literal);
                    break;
            }
        }
    }

    private void CollectComments(SyntaxTriviaList trivia)
    {
        foreach (SyntaxTrivia piece in trivia)
        {
            if (DocumentationText.IsComment(piece))
                bag.AddText(DocumentationText.OfComment(piece), TextPart.Comment);
        }
    }
}
