using Tessera.CodeMap.Sources;

namespace Tessera.CodeMap.Tests.Sources;

public class SourceTreeTests
{
    [Fact]
    public void Files_come_in_ordinal_order_with_slashes_and_only_sources()
    {
        using var folder = new SourceFolder(("b/Z.cs", ""), ("b/a.cs", ""), ("A.cs", ""), ("a.txt", ""), ("b/c/Deep.CS", ""));

        Assert.Equal(["A.cs", "b/Z.cs", "b/a.cs", "b/c/Deep.CS"], List(folder.Root));
    }

    [Fact]
    public void Build_output_and_hidden_folders_are_left_out_without_any_gitignore()
    {
        using var folder = new SourceFolder(("x/bin/A.cs", ""), ("obj/B.cs", ""), (".hidden/C.cs", ""), ("node_modules/D.cs", ""), ("binary/E.cs", ""));

        Assert.Equal(["binary/E.cs"], List(folder.Root));
    }

    [Fact]
    public void Ignored_files_and_folders_are_left_out_and_inner_rules_overrule_outer_ones()
    {
        using var folder = new SourceFolder(
            (".gitignore", "generated/\n*.tmp.cs\n"),
            ("generated/A.cs", ""),
            ("src/generated/B.cs", ""),
            ("src/C.tmp.cs", ""),
            ("keep/.gitignore", "!D.tmp.cs\n/E.cs\n"),
            ("keep/D.tmp.cs", ""),
            ("keep/E.cs", ""),
            ("keep/inner/E.cs", ""));

        Assert.Equal(["keep/D.tmp.cs", "keep/inner/E.cs"], List(folder.Root));
    }

    [Fact]
    public void The_rules_of_the_repository_around_the_folder_hold_in_it()
    {
        using var folder = new SourceFolder((".git/HEAD", ""), (".gitignore", "/src/part/Out.cs\nskipped/\n"), ("src/part/Out.cs", ""), ("src/part/In.cs", ""), ("src/part/skipped/X.cs", ""));

        Assert.Equal(["In.cs"], List(Path.Combine(folder.Root, "src", "part")));
    }

    [Fact]
    public void Links_are_not_followed()
    {
        using var folder = new SourceFolder(("a/A.cs", ""));
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "a", "round"), folder.Root);

        Assert.Equal(["a/A.cs"], List(folder.Root));
    }

    private static List<string> List(string root) => SourceTree.List(root, TestContext.Current.CancellationToken).Files;
}
