using Microsoft.Extensions.Logging;

namespace Tessera.Server.Hosting;

/// <summary>Writes what went wrong to the error stream, a line for what happened and the trace below it.</summary>
internal sealed class ErrorStreamLogger : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Console.Error.WriteLine($"error: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
    }

    public void Dispose()
    {
    }
}
