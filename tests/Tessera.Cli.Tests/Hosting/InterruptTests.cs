using Tessera.Cli.Hosting;

namespace Tessera.Cli.Tests.Hosting;

public sealed class InterruptTests
{
    [Fact]
    public void Work_that_does_not_heed_the_interrupt_is_abandoned()
    {
        using var interrupt = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        using var error = new StringWriter();
        interrupt.Cancel();
        int exitCode = Interrupt.Guard(
            _ =>
            {
                release.Wait(CancellationToken.None);
                return 0;
            },
            error, TimeSpan.FromMilliseconds(20), interrupt.Token);
        release.Set();
        Assert.Equal(130, exitCode);
        Assert.Contains("Ctrl-C", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_that_ends_in_time_says_itself_how()
    {
        using var interrupt = new CancellationTokenSource();
        using var error = new StringWriter();
        int exitCode = Interrupt.Guard(
            token =>
            {
                interrupt.Cancel();
                return token.IsCancellationRequested ? 7 : 0;
            },
            error, TimeSpan.FromMinutes(1), interrupt.Token);
        Assert.Equal((7, ""), (exitCode, error.ToString()));
    }
}
