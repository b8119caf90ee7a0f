using System.Diagnostics;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Code.Worker;

/// <summary>The files of one commit in a folder of their own, which is gone when they are not needed any more. The repository is only read, so that any number of workers may use one clone.</summary>
internal sealed class CommitCheckout : IDisposable
{
    private const string Prefix = "tessera-commit-";
    private const string LockSuffix = ".lock";

    private readonly string _folder;

    /// <summary>Open as long as the folder is needed, and before it is there: a folder whose lock nobody holds was left by a worker that was killed.</summary>
    private readonly FileStream _lock;

    private CommitCheckout(string folder)
    {
        _folder = folder;
        _lock = Lock(folder, FileMode.CreateNew);
        // Sources are nobody else's business.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Root);
    }

    /// <summary>Where the files are.</summary>
    public string Root => Path.Combine(_folder, "files");

    /// <summary>Writes the files of a commit.</summary>
    /// <exception cref="FailureException">The folder is no clone, or has no such commit, or git is not installed.</exception>
    public static async Task<CommitCheckout> CreateAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        RemoveAbandoned();
        var checkout = new CommitCheckout(Path.Combine(Path.GetTempPath(), $"{Prefix}{Guid.NewGuid():N}"));
        try
        {
            string index = Path.Combine(checkout._folder, "index");
            await GitAsync(repository, index, ["read-tree", commit], cancellationToken).ConfigureAwait(false);
            await GitAsync(repository, index, ["checkout-index", "--all", $"--prefix={checkout.Root}/"], cancellationToken).ConfigureAwait(false);
            return checkout;
        }
        catch
        {
            checkout.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private static FileStream Lock(string folder, FileMode mode) =>
        new(folder + LockSuffix, new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose });

    /// <summary>Deletes what killed workers left.</summary>
    private static void RemoveAbandoned()
    {
        foreach (string folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                using FileStream abandoned = Lock(folder, FileMode.OpenOrCreate);
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // A worker has it, or it is somebody else's.
            }
        }
    }

    private static async Task GitAsync(string repository, string index, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git", ["-C", repository, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["GIT_INDEX_FILE"] = index;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new FailureException($"git is not installed here, which a job with a commit needs: {problem.Message}", problem);
        }

        using (process)
        {
            try
            {
                Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
                string error = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
                await output.ConfigureAwait(false);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                if (process.ExitCode != 0)
                    throw new FailureException($"git {arguments[0]} in {repository}: {error.Trim()}");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill();
            }
        }
    }
}
