using System.Runtime.InteropServices;

namespace Tessera.Benchmarks.Compare;

/// <summary>A folder that goes with all in it when disposed, when the process exits, and when someone stops it by Ctrl-C or a terminating signal.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;

    public TemporaryFolder()
    {
        // The signal is not cancelled: the process ends by it as it would have.
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => Delete()))];
        AppDomain.CurrentDomain.ProcessExit += Exit;
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("tessera-bench-").FullName;

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Exit;
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
        Delete();
    }

    private void Exit(object? sender, EventArgs arguments) => Delete();

    private void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone already, or still mapped on a system that keeps such files; the figures are worth more than tidiness.
        }
    }
}
