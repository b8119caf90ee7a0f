namespace Tessera.Cli.Kv;

/// <summary>What one length of the cache costs.</summary>
/// <param name="Tokens">Tokens.</param>
/// <param name="BuildSeconds">Putting them all into the index of one layer.</param>
/// <param name="UpdateMs">One more token, on average, everything that is clustered meanwhile included.</param>
/// <param name="DenseMs">One token's dense attention.</param>
/// <param name="DenseGBs">The memory that it reads in a second.</param>
/// <param name="ReadGBs">What one thread reads in a second when it does nothing else.</param>
/// <param name="MemoryBytes">Memory of the cache.</param>
internal sealed record KvBenchLength(int Tokens, double BuildSeconds, double UpdateMs, double DenseMs, double DenseGBs, double ReadGBs, long MemoryBytes);
