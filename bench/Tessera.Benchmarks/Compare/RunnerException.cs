namespace Tessera.Benchmarks.Compare;

/// <summary>A library that could not do what it was asked to; the comparison goes on without its figure.</summary>
internal sealed class RunnerException(string message) : Exception(message);
