using Tessera.Server.Hosting;

namespace Tessera.Server.Tests.Hosting;

public sealed class ConfinedPathTests
{
    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("a/../../secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0b")]
    [InlineData("link/secret.txt")]
    [InlineData("linked.txt")]
    [InlineData("circle")]
    [InlineData("missing.txt")]
    [InlineData("a")]
    [InlineData("")]
    public void What_lies_elsewhere_is_not_found(string relative)
    {
        using var folder = new TemporaryFolder();
        string root = Make(folder);

        Assert.Equal(404, Assert.Throws<RequestException>(() => ConfinedPath.Resolve(root, relative)).Status);
    }

    [Theory]
    [InlineData("a/inside.txt")]
    [InlineData("a/../a/inside.txt")]
    [InlineData("within.txt")]
    public void What_lies_inside_is_found_through_links_too(string relative)
    {
        using var folder = new TemporaryFolder();
        string root = Make(folder);

        Assert.Equal("inside", File.ReadAllText(ConfinedPath.Resolve(root, relative)));
    }

    [Fact]
    public void The_folder_itself_may_be_a_link()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(folder["other"], Make(folder));

        Assert.Equal("inside", File.ReadAllText(ConfinedPath.Resolve(folder["other"], "a/inside.txt")));
        Assert.Throws<RequestException>(() => ConfinedPath.Resolve(folder["other"], "linked.txt"));
    }

    private static string Make(TemporaryFolder folder)
    {
        string root = folder["root"];
        Directory.CreateDirectory(Path.Combine(root, "a"));
        File.WriteAllText(folder["secret.txt"], "secret");
        File.WriteAllText(Path.Combine(root, "a", "inside.txt"), "inside");
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), folder.Path);
        File.CreateSymbolicLink(Path.Combine(root, "linked.txt"), folder["secret.txt"]);
        File.CreateSymbolicLink(Path.Combine(root, "within.txt"), "a/inside.txt");
        File.CreateSymbolicLink(Path.Combine(root, "circle"), "circle");
        return root;
    }
}
