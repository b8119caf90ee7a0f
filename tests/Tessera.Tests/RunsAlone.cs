namespace Tessera.Tests;

/// <summary>The collection of tests that measure what the whole process does.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
