namespace Tessera.Cli.Index;

/// <summary>What <c>index remove</c> and <c>index compact</c> print.</summary>
/// <param name="Vectors">Vectors that the index now has.</param>
/// <param name="Removed">Vectors removed by this command; null for compact.</param>
/// <param name="Reclaimed">Vectors whose space was reclaimed; null where nothing was compacted.</param>
/// <param name="Waiting">Removed vectors that still take space.</param>
/// <param name="FileBytes">Size of the new file.</param>
internal sealed record RewriteResult(long Vectors, long? Removed, long? Reclaimed, long Waiting, long FileBytes);
