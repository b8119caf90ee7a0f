namespace Tessera.Tests;

/// <summary>Progress that arrives at once, on the thread that reports it.</summary>
internal sealed class Reported<T>(Action<T> receive) : IProgress<T>
{
    public void Report(T value) => receive(value);
}
