namespace Tessera.Search;

/// <summary>The number of <see cref="SearchOptions"/> by which an index trades time for recall.</summary>
public enum SearchKnob
{
    /// <summary>None: the index always looks at everything.</summary>
    None,

    /// <summary><see cref="SearchOptions.Probes"/>: lists visited.</summary>
    Probes,

    /// <summary><see cref="SearchOptions.EfSearch"/>: length of the beam.</summary>
    EfSearch,

    /// <summary><see cref="SearchOptions.Beam"/>: leaves visited.</summary>
    Beam,
}
