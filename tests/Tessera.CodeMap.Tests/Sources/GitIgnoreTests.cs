using Tessera.CodeMap.Sources;

namespace Tessera.CodeMap.Tests.Sources;

public class GitIgnoreTests
{
    [Theory]
    [InlineData("out", "out", true, true)]
    [InlineData("out", "a/b/out", true, true)]
    [InlineData("out", "outer", true, null)]
    [InlineData("out/", "out", true, true)]
    [InlineData("out/", "out", false, null)]
    [InlineData("/out", "out", true, true)]
    [InlineData("/out", "a/out", true, null)]
    [InlineData("a/out", "a/out", true, true)]
    [InlineData("a/out", "b/a/out", true, null)]
    [InlineData("*.g.cs", "deep/down/x.g.cs", false, true)]
    [InlineData("*.g.cs", "x.cs", false, null)]
    [InlineData("a*b*c.cs", "aXXbYYbZc.cs", false, true)]
    [InlineData("a?c.cs", "abc.cs", false, true)]
    [InlineData("a?c.cs", "ac.cs", false, null)]
    [InlineData("[Oo]ut", "Out", true, true)]
    [InlineData("[!a-c]x", "dx", false, true)]
    [InlineData("[!a-c]x", "bx", false, null)]
    [InlineData("[]]x", "]x", false, true)]
    [InlineData("[x", "[x", false, true)]
    [InlineData(@"\!x", "!x", false, true)]
    [InlineData(@"\#x", "#x", false, true)]
    [InlineData("**/out", "a/b/out", true, true)]
    [InlineData("**/out", "out", true, true)]
    [InlineData("a/**/out", "a/out", true, true)]
    [InlineData("a/**/out", "a/b/c/out", true, true)]
    [InlineData("a/**", "a/b", false, true)]
    [InlineData("a/**", "a", true, null)]
    [InlineData("# comment", "# comment", false, null)]
    [InlineData("out  ", "out", true, true)]
    [InlineData("out\r", "out", true, true)]
    [InlineData("/", "a", true, null)]
    public void A_pattern_matches_what_git_says(string pattern, string path, bool isFolder, bool? expected) =>
        Assert.Equal(expected, GitIgnore.Parse([pattern]).Ignores(path, isFolder));

    [Fact]
    public void The_last_pattern_that_matches_wins()
    {
        var patterns = GitIgnore.Parse(["*.cs", "!keep.cs", "keep.cs", "!a/keep.cs"]);

        Assert.True(patterns.Ignores("x.cs", false));
        Assert.True(patterns.Ignores("keep.cs", false));
        Assert.False(patterns.Ignores("a/keep.cs", false));
    }
}
