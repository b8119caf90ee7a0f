using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tessera.Architecture.Tests;

/// <summary>The C# in the documents compiles against the assemblies as they are, so that what people copy works.</summary>
public sealed partial class SnippetTests
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    // What every project has through ImplicitUsings.
    private static readonly SyntaxTree ImplicitUsings = CSharpSyntaxTree.ParseText(
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;",
        Language);

    public static TheoryData<string, int, string> Snippets()
    {
        var snippets = new TheoryData<string, int, string>();
        foreach (var document in DocumentTests.Documents())
        {
            string text = File.ReadAllText(Path.Combine(Repository.Root, document.Data));
            foreach (Match fence in Fence().Matches(text))
                snippets.Add(document.Data, text.AsSpan(0, fence.Index).Count('\n') + 1, fence.Groups["code"].Value);
        }

        return snippets;
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void A_snippet_compiles(string document, int line, string code)
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [ImplicitUsings, CSharpSyntaxTree.ParseText(code, Language)],
            trusted.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => $"{document}:{line}: {diagnostic}"));
    }

    [GeneratedRegex(@"^```csharp\r?\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
