using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Entities;

/// <summary>Reads the entities of C# files by syntax alone, so that code that does not compile is mapped too.</summary>
internal sealed class CSharpReader(string? repository, Lexicon lexicon)
{
    // A getter of fewer tokens than this hands something on; it computes nothing that anyone would look for.
    private const int LeastTokensOfProperty = 8;

    // Comments are read from the raw trivia, which is quicker than having Roslyn parse them as XML.
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>Reads one file.</summary>
    /// <param name="path">Its path relative to the map's root, with '/'.</param>
    /// <param name="text">Its text.</param>
    /// <param name="cancellationToken">Stops the parser.</param>
    public FileEntities Read(string path, string text, CancellationToken cancellationToken)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(text, ParseOptions, path, cancellationToken: cancellationToken);
        var root = (CompilationUnitSyntax)tree.GetRoot(cancellationToken);
        var collector = new TokenCollector(new TokenBag(lexicon), path);
        var factory = new EntityFactory(repository, path);
        var entities = new List<CodeEntity>();
        var tokens = new List<WeightedToken[]>();
        var mentions = new List<string[]>();
        foreach (SyntaxNode node in Declarations(root))
        {
            if (KindOf(node) is not { } kind)
                continue;
            string name = NameOf(node);
            if (name.Length == 0)
                continue;
            string scope = ScopeOf(node);
            entities.Add(MakeEntity(factory, tree, text, node, scope, kind, name));
            tokens.Add(collector.Collect(node, name, scope, entities[^1].Documentation));
            mentions.Add(Mentions.Of(node));
        }

        return new FileEntities([.. entities], [.. tokens], [.. mentions]);
    }

    // Does not go into members, so that local functions and lambdas stay part of their method. All top-level statements are one.
    private static IEnumerable<SyntaxNode> Declarations(CompilationUnitSyntax root)
    {
        if (root.Members.Any(member => member is GlobalStatementSyntax))
            yield return root;
        foreach (SyntaxNode node in root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            if (node is MemberDeclarationSyntax)
                yield return node;
        }
    }

    private static EntityKind? KindOf(SyntaxNode node) => node switch
    {
        CompilationUnitSyntax => EntityKind.Program,
        RecordDeclarationSyntax => EntityKind.Record,
        ClassDeclarationSyntax => EntityKind.Class,
        StructDeclarationSyntax => EntityKind.Struct,
        InterfaceDeclarationSyntax => EntityKind.Interface,
        EnumDeclarationSyntax => EntityKind.Enum,
        DelegateDeclarationSyntax => EntityKind.Delegate,
        MethodDeclarationSyntax => EntityKind.Method,
        ConstructorDeclarationSyntax => EntityKind.Constructor,
        DestructorDeclarationSyntax => EntityKind.Finalizer,
        OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax => EntityKind.Operator,
        IndexerDeclarationSyntax => EntityKind.Indexer,
        PropertyDeclarationSyntax property when Computes(property.ExpressionBody, property.AccessorList) => EntityKind.Property,
        EventDeclarationSyntax @event when Computes(null, @event.AccessorList) => EntityKind.Property,
        _ => null,
    };

    private static bool Computes(ArrowExpressionClauseSyntax? expression, AccessorListSyntax? accessors)
    {
        int count = expression?.Expression.DescendantTokens().Take(LeastTokensOfProperty).Count() ?? 0;
        foreach (AccessorDeclarationSyntax accessor in accessors?.Accessors ?? [])
        {
            SyntaxNode? body = (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody;
            count += body?.DescendantTokens().Take(LeastTokensOfProperty).Count() ?? 0;
        }

        return count >= LeastTokensOfProperty;
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        CompilationUnitSyntax => "top-level statements",
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax @delegate => @delegate.Identifier.ValueText,
        MethodDeclarationSyntax method => Explicit(method.ExplicitInterfaceSpecifier) + method.Identifier.ValueText,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
        DestructorDeclarationSyntax destructor => "~" + destructor.Identifier.ValueText,
        OperatorDeclarationSyntax @operator => Explicit(@operator.ExplicitInterfaceSpecifier) + "operator " + @operator.OperatorToken.ValueText,
        ConversionOperatorDeclarationSyntax conversion => $"{conversion.ImplicitOrExplicitKeyword.ValueText} operator {OneLine(conversion.Type)}",
        IndexerDeclarationSyntax indexer => Explicit(indexer.ExplicitInterfaceSpecifier) + "this[]",
        PropertyDeclarationSyntax property => Explicit(property.ExplicitInterfaceSpecifier) + property.Identifier.ValueText,
        EventDeclarationSyntax @event => Explicit(@event.ExplicitInterfaceSpecifier) + @event.Identifier.ValueText,
        _ => "",
    };

    private static string Explicit(ExplicitInterfaceSpecifierSyntax? specifier) =>
        specifier is null ? "" : OneLine(specifier.Name) + ".";

    // The same name whatever the layout.
    private static string OneLine(SyntaxNode node) => node.NormalizeWhitespace().ToString();

    private static string ScopeOf(SyntaxNode node)
    {
        var names = new Stack<string>();
        foreach (SyntaxNode ancestor in node.Ancestors())
        {
            string name = ancestor switch
            {
                BaseNamespaceDeclarationSyntax @namespace => @namespace.Name.ToString(),
                BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
                _ => "",
            };
            if (name.Length > 0)
                names.Push(name);
        }

        return string.Join('.', names);
    }

    private static CodeEntity MakeEntity(EntityFactory factory, SyntaxTree tree, string text, SyntaxNode node, string scope, EntityKind kind, string name)
    {
        TextSpan span = node is CompilationUnitSyntax unit
            ? TextSpan.FromBounds(
                unit.Members.First(member => member is GlobalStatementSyntax).SpanStart,
                unit.Members.Last(member => member is GlobalStatementSyntax).Span.End)
            : node.Span;
        var lines = tree.GetLineSpan(span);
        return factory.Make(
            scope,
            kind,
            name,
            lines.StartLinePosition.Line + 1,
            lines.EndLinePosition.Line + 1,
            DocumentationText.Of(node.GetLeadingTrivia()),
            text.AsMemory(span.Start, span.Length));
    }
}
