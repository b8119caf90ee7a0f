using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Sources;

namespace Tessera.CodeMap.Tests.Entities;

public class SourceTextTests
{
    [Theory]
    [InlineData("a.rs", "fn go() -> i32 {\n    if x { 1 } else { \"}\".len() } // }\n}\nfn next() {}", 1, 3)]
    [InlineData("a.rs", "pub struct Unit;\nfn next() {}", 1, 1)]
    [InlineData("a.ts", "export function f(a: string): number {\n  return `{${a}`.length;\n}\nlet x = 1;", 1, 3)]
    [InlineData("a.js", "/* { */ class A {\n  m() {}\n}", 1, 3)]
    [InlineData("a.py", "def f(a):\n    return {\n        1: a}\n\n\nx = 1", 1, 3)]
    [InlineData("a.lua", "function f(a)\n  return a\nend\nprint(1)", 1, 3)]
    [InlineData("a.go", "func f() {\n", 1, 1)]
    public void A_declaration_ends_where_its_braces_close_or_its_indentation_does(string path, string text, int line, int end) =>
        Assert.Equal(end, new SourceText(text, Language.Of(path)!).EndOf(line));

    [Theory]
    [InlineData("a.go", "// Adds two\n// numbers.\nfunc add() {}", 3, "Adds two\nnumbers.")]
    [InlineData("a.rs", "/// Adds.\n#[inline]\npub fn add() {}", 3, "Adds.")]
    [InlineData("a.java", "/**\n * Adds.\n */\n@Override\nint add() {}", 5, "Adds.")]
    [InlineData("a.py", "def add(a):\n    \"\"\"Adds.\n    All of it.\"\"\"\n    return a", 1, "Adds.\nAll of it.")]
    [InlineData("a.py", "def add(a: \"int\" = \"x\") -> \"int\":  # noqa: C901\n    # first\n    r\"\"\"Adds.\"\"\"\n    return a", 1, "Adds.")]
    [InlineData("a.py", "def add(a: \"int\"):\n    def inner():\n        \"\"\"Not its own.\"\"\"\n    return a", 1, "")]
    [InlineData("a.py", "def add(a): \"Adds.\"; return a", 1, "Adds.")]
    [InlineData("a.py", "x = 'no'\n\ndef add(a):\n    return 'neither'", 3, "")]
    [InlineData("a.js", "let x = 1; // of x\nfunction f() {}", 2, "")]
    public void What_stands_above_a_declaration_or_first_in_it_is_its_documentation(string path, string text, int line, string documentation) =>
        Assert.Equal(documentation, new SourceText(text, Language.Of(path)!).DocumentationOf(line));

    [Fact]
    public void A_text_falls_into_code_comments_and_strings_without_gaps()
    {
        const string Text = "a = 'it\\'s' # no \"string\"\nb = \"\"\"x\n# y\"\"\"\nc = \"open\nd";
        List<TextSegment> segments = TextSegments.Of(Text, Language.Of("a.py")!);

        Assert.Equal(
            ["Code:a = ", "String:'it\\'s'", "Code: ", "Comment:# no \"string\"", "Code:\nb = ", "String:\"\"\"x\n# y\"\"\"", "Code:\nc = ", "String:\"open", "Code:\nd"],
            segments.Select(segment => $"{segment.Kind}:{Text[segment.Start..segment.End]}"));
        Assert.Equal(Text.Length, segments[^1].End);
    }

    [Theory]
    [InlineData("def f():\n    'doc'\n")]
    [InlineData("class A:  # noqa\n    # said first\n    r'doc'\n")]
    public void A_string_that_begins_a_body_is_told_from_others(string text)
    {
        TextSegment found = Assert.Single(TextSegments.Of(text, Language.Of("a.py")!), segment => segment.Kind is TextSegmentKind.Docstring or TextSegmentKind.String);

        Assert.Equal((TextSegmentKind.Docstring, "'doc'"), (found.Kind, text[found.Start..found.End]));
    }

    [Theory]
    [InlineData("x = {'a': 'string'}")]
    [InlineData("if x: 'string'\n")]
    [InlineData("def f():\n    return 'string'\n")]
    public void Other_strings_are_none(string text) =>
        Assert.DoesNotContain(TextSegments.Of(text, Language.Of("a.py")!), segment => segment.Kind == TextSegmentKind.Docstring);

    [Fact]
    public void Any_text_in_any_language_is_cut_and_has_ends()
    {
        var random = new Random(7);
        string letters = "{}()'\"`#/*-;:\n\\ ab";
        foreach (string path in (string[])["a.py", "a.rs", "a.ts", "a.lua", "a.hs", "a.sql", "a.fs"])
        {
            for (int round = 0; round < 200; round++)
            {
                string text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => letters[random.Next(letters.Length)]));
                var source = new SourceText(text, Language.Of(path)!);
                List<TextSegment> segments = TextSegments.Of(text, Language.Of(path)!);
                Assert.Equal(text.Length, segments.Sum(segment => segment.End - segment.Start));
                for (int line = 1; line <= source.Lines; line++)
                {
                    Assert.InRange(source.EndOf(line), line, source.Lines);
                    Assert.NotNull(source.DocumentationOf(line));
                }
            }
        }
    }
}
