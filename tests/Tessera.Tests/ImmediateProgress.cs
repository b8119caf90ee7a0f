namespace Tessera.Tests;

/// <summary>Hands reports on at once, on the thread that makes them; System.Progress posts them to wherever it was made.</summary>
internal sealed class ImmediateProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
