using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Entities.Ctags;
using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Tests.Entities;

public sealed class CtagsReaderTests : IDisposable
{
    private readonly CtagsProcess _ctags = new(TimeSpan.FromSeconds(20));

    [Fact]
    public void Python_functions_methods_and_classes_are_found_with_their_documentation()
    {
        string[] found = Read("pkg/tools.py", "\"\"\"Module.\"\"\"\n\nclass Box(object):\n    \"\"\"Keeps things.\"\"\"\n    def put(self, thing):\n        self.thing = thing\n\n# Doubles it.\ndef double(a):\n    return a * 2\n");

        Assert.Equal(["Class /Box 3-6 Keeps things.", "Method Box/put 5-6 ", "Function /double 9-10 Doubles it."], found);
    }

    [Fact]
    public void Where_the_parser_gives_no_ends_the_braces_do()
    {
        string[] found = Read("src/lib.rs", "/// A shape.\npub struct Shape { sides: u32 }\nimpl Shape {\n    /// Its area.\n    pub fn area(&self) -> u32 {\n        if self.sides > 0 { 1 } else { 2 }\n    }\n}\nfn main() {\n    println!(\"}\");\n}\n");

        Assert.Equal(["Struct /Shape 2-2 A shape.", "Method Shape/area 5-7 Its area.", "Function /main 9-11 "], found);
    }

    [Fact]
    public void A_map_holds_all_languages_of_a_folder_and_stretches_of_lines_for_the_rest()
    {
        Assert.SkipUnless(_ctags.IsAvailable, "universal-ctags is not installed (apt-get install universal-ctags).");
        using var folder = new SourceFolder(
            ("a.cs", "class Apple { void Peel() { } }"),
            ("b.go", "package b\n\n// Boils water.\nfunc Boil(water int) int {\n\treturn water\n}\n"),
            ("c.py", "x = 1\nprint(x)\n"),
            ("notes.md", "# no source"));
        using CodeMapSnapshot map = folder.Build();

        Assert.Equal(["Apple", "Apple.Peel", "Boil", "c.py:1"], map.Entities.Select(entity => entity.DisplayName));
        Assert.Equal("Boil", map.Query("boil water")[0].Entity.Name);
    }

    [Fact]
    public void Without_documentation_the_words_of_docstrings_are_not_searched()
    {
        Assert.SkipUnless(_ctags.IsAvailable, "universal-ctags is not installed (apt-get install universal-ctags).");
        using var folder = new SourceFolder(
            ("a.py", "class Box:\n    \"\"\"Keeps walnuts.\"\"\"\n\n    def put(self, thing):\n        r\"\"\"Stores almonds\n        in a basket.\"\"\"\n        raise KeyError(\"hazel\")\n"),
            ("b.go", "package b\n\n// Boils chestnuts.\nfunc Heat(water int) int {\n\treturn water // pistachio\n}\n"));
        using CodeMapSnapshot with = folder.Build();
        using CodeMapSnapshot without = folder.Build(new CodeMapOptions { ReadDocumentation = false });

        foreach (string word in (string[])["walnuts", "almonds", "basket", "chestnuts"])
        {
            Assert.NotEmpty(with.Query(word));
            Assert.Empty(without.Query(word));
        }

        Assert.NotEmpty(without.Query("hazel"));
        Assert.Contains("almonds", without.Entities.Single(entity => entity.Name == "put").Documentation, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_ctags_other_languages_are_mapped_by_stretches_of_lines()
    {
        using var missing = new CtagsProcess(TimeSpan.FromSeconds(1), "no-such-ctags");
        var reader = new EntityReader(null, new Lexicon(), missing);
        string text = string.Join('\n', Enumerable.Range(1, 90).Select(line => $"value{line} = {line}"));

        FileEntities file = reader.Read("/tmp/none.py", "none.py", text, TestContext.Current.CancellationToken);

        Assert.False(missing.IsAvailable);
        Assert.Equal([(1, 40), (41, 80), (81, 90)], file.Entities.Select(entity => (entity.StartLine, entity.EndLine)));
        Assert.Equal(3, file.Entities.Select(entity => entity.Id).Distinct().Count());
    }

    [Fact]
    public void A_warning_does_not_mix_up_the_answers_of_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Runs a shell script.");
        using var folder = new SourceFolder();
        string program = Path.Combine(folder.Root, "warning-ctags");
        folder.Write("warning-ctags", """
            #!/bin/sh
            echo '{"_type": "program", "name": "Universal Ctags"}'
            while read request
            do
                case "$request" in
                    *odd.js*) echo '{"_type": "error", "message": "ignoring null tag in odd.js(line: 6)", "warning": true}'
                        echo '{"_type": "tag", "name": "odd"}' ;;
                    *gone.js*) echo '{"_type": "error", "message": "cannot open input file", "warning": true, "errno": 2}' ;;
                    *) echo '{"_type": "tag", "name": "even"}' ;;
                esac
                echo '{"_type": "completed", "command": "generate-tags"}'
            done
            """.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var ctags = new CtagsProcess(TimeSpan.FromSeconds(20), program);

        Assert.Equal(["odd"], ctags.Read("odd.js")!.Select(tag => tag.Name));
        Assert.Null(ctags.Read("gone.js"));
        Assert.Equal(["even"], ctags.Read("even.js")!.Select(tag => tag.Name));
    }

    [Fact]
    public void Readers_that_take_turns_do_not_wait_for_one_another_to_be_given_a_thread()
    {
        Assert.SkipUnless(_ctags.IsAvailable, "universal-ctags is not installed (apt-get install universal-ctags).");
        using var folder = new SourceFolder([.. Enumerable.Range(0, 40).Select(number => ($"file{number}.py", $"def function{number}():\n    return {number}\n"))]);
        string[] found = new string[40];

        Parallel.For(0, 40, number => found[number] = Assert.Single(_ctags.Read(Path.Combine(folder.Root, $"file{number}.py"))!).Name);

        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"function{number}"), found);
        Assert.Equal(0, _ctags.TimedOut);
    }

    [Fact]
    public void A_file_that_takes_too_long_has_no_tags_and_the_program_is_started_anew()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Runs a shell script.");
        using var folder = new SourceFolder();
        string program = Path.Combine(folder.Root, "slow-ctags");
        folder.Write("slow-ctags", "#!/bin/sh\necho '{\"_type\": \"program\", \"name\": \"Universal Ctags\"}'\nread request\nsleep 60\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var ctags = new CtagsProcess(TimeSpan.FromMilliseconds(300), program);

        Assert.Null(ctags.Read("a.py"));
        Assert.Null(ctags.Read("b.py"));

        Assert.Equal(2, ctags.TimedOut);
        Assert.True(ctags.IsAvailable);
    }

    public void Dispose() => _ctags.Dispose();

    private string[] Read(string path, string text)
    {
        Assert.SkipUnless(_ctags.IsAvailable, "universal-ctags is not installed (apt-get install universal-ctags).");
        using var folder = new SourceFolder((path, text));
        var reader = new EntityReader(null, new Lexicon(), _ctags);
        FileEntities file = reader.Read(Path.Combine(folder.Root, path), path, text, TestContext.Current.CancellationToken);
        Assert.All(file.Tokens, Assert.NotEmpty);
        return [.. file.Entities.Select(entity => $"{entity.Kind} {entity.Scope}/{entity.Name} {entity.StartLine}-{entity.EndLine} {entity.Documentation}")];
    }
}
