namespace Tessera.Cli.Index;

/// <summary>What <c>index tag</c> prints.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Tagged">Vectors that now bear it.</param>
/// <param name="Vectors">Vectors that the index has.</param>
/// <param name="FileBytes">Size of the new file.</param>
internal sealed record TagResult(string Tag, long Tagged, long Vectors, long FileBytes);
