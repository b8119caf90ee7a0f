using System.Runtime.InteropServices;

namespace Tessera.Cli.Hosting;

/// <summary>
/// Turns Ctrl-C and SIGTERM into cancellation. Work that has not come to an end shortly after is abandoned, so that the process is
/// gone within a second whatever it was doing.
/// </summary>
internal static class Interrupt
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(700);

    /// <summary>Runs work, whose token a signal cancels, and returns its exit code.</summary>
    public static int Guard(Func<CancellationToken, int> work, TextWriter error)
    {
        // Not disposed: a signal may arrive while the process ends.
        var source = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        return Guard(work, error, Grace, source.Token);

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            source.Cancel();
        }
    }

    /// <summary>Runs work and returns its exit code, or <see cref="ExitCode.Cancelled"/> when it does not stop in time.</summary>
    internal static int Guard(Func<CancellationToken, int> work, TextWriter error, TimeSpan grace, CancellationToken cancellationToken)
    {
        // Tasks run on background threads, which do not hold the process back.
        var running = Task.Factory.StartNew(() => work(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Task.WaitAny([running], cancellationToken);
        }
        catch (OperationCanceledException)
        {
            if (!running.Wait(grace, CancellationToken.None))
            {
                // The work may have been drawing a progress bar, which hides the cursor.
                if (ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected)
                    error.Write("\u001b[?25h");
                error.WriteLine(CommandRunner.Stopped);
                return ExitCode.Cancelled;
            }
        }

        return running.GetAwaiter().GetResult();
    }
}
