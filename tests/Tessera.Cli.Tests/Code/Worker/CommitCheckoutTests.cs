using Tessera.Cli.Code.Worker;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Code.Worker;

public sealed class CommitCheckoutTests
{
    [Fact]
    public async Task A_checkout_goes_with_its_worker_and_what_a_killed_one_left_goes_with_the_next()
    {
        using var workspace = new Workspace();
        SampleRepository.Write(workspace["here"]);
        string commit = SampleRepository.Commit(workspace["here"]);
        string abandoned = Directory.CreateTempSubdirectory("tessera-commit-").FullName;
        File.WriteAllText(Path.Combine(abandoned, "index"), "");

        using CommitCheckout first = await CommitCheckout.CreateAsync(workspace["here"], commit, TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(abandoned));
        string second;
        using (CommitCheckout other = await CommitCheckout.CreateAsync(workspace["here"], commit, TestContext.Current.CancellationToken))
        {
            second = other.Root;
            Assert.Equal(Directory.GetFiles(first.Root).Select(Path.GetFileName).Order(), Directory.GetFiles(second).Select(Path.GetFileName).Order());
            Assert.NotEmpty(Directory.GetFiles(first.Root));
        }

        Assert.False(Directory.Exists(second));
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(Path.GetDirectoryName(second)) + "*"));
    }
}
