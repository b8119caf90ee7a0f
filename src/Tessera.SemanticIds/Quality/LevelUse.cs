namespace Tessera.SemanticIds.Quality;

/// <summary>How the codes of one level are used.</summary>
/// <param name="Clusters">Codes that the level has.</param>
/// <param name="Used">Codes that at least one item has.</param>
/// <param name="Entropy">Bits that the level's codes carry: at most log2 of the clusters, when all are used alike.</param>
/// <param name="Largest">Items that have the most frequent code.</param>
public sealed record LevelUse(int Clusters, int Used, double Entropy, int Largest)
{
    /// <summary>2 to the entropy: the number of codes that would carry as much if all were used alike.</summary>
    public double Perplexity => Math.Pow(2, Entropy);

    /// <summary>Share of the codes that are used.</summary>
    public double Utilisation => (double)Used / Clusters;
}
