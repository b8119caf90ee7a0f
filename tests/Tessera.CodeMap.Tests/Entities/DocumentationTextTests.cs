using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Tessera.CodeMap.Entities;

namespace Tessera.CodeMap.Tests.Entities;

public class DocumentationTextTests
{
    [Theory]
    [InlineData("/// <summary>Reads one row.</summary>", "Reads one row.")]
    [InlineData("/// <summary>Reads\n/// one <c>row</c>.</summary>", "Reads one row.")]
    [InlineData("/// <summary>Uses <see cref=\"KMeans.Fit(Matrix, int)\"/> and <see langword=\"null\"/>.</summary>", "Uses KMeans.Fit and null.")]
    [InlineData("/// <see cref=\"T:Foo.Bar{T}\"/> it", "Foo.Bar it")]
    [InlineData("/// <summary>A.</summary>\n/// <param name=\"k\">How many.</param>", "A. k: How many.")]
    [InlineData("/// a &lt; b &amp; c", "a < b & c")]
    [InlineData("/// if a < b then", "if a < b then")]
    [InlineData("/// <summary>unfinished", "unfinished")]
    [InlineData("/// <see cref=", "<see cref=")]
    [InlineData("/// <inheritdoc/>", "")]
    [InlineData("/** <summary>Old\n * style.</summary> */", "Old style.")]
    [InlineData("// plain words", "plain words")]
    [InlineData("// of something else\n\n", "")]
    [InlineData("// plain\n/// <summary>Documented.</summary>", "Documented.")]
    [InlineData("", "")]
    public void A_comment_is_read_as_its_words(string comment, string expected)
    {
        SyntaxNode declaration = CSharpSyntaxTree
            .ParseText($"{comment}\nclass A;", new CSharpParseOptions(documentationMode: DocumentationMode.None), cancellationToken: TestContext.Current.CancellationToken)
            .GetRoot(TestContext.Current.CancellationToken).ChildNodes().First();

        Assert.Equal(expected, DocumentationText.Of(declaration.GetLeadingTrivia()));
    }
}
