using Tessera.Indexes;

namespace Tessera.Search;

/// <summary>Turns the knob of an index without knowing which one it is.</summary>
internal static class SearchKnobExtensions
{
    // A beam that is longer than this visits so much that comparing everything is no slower.
    private const int LongestBeam = 4096;

    /// <summary>The settings that make a difference to a search for k answers; 1 to 1 for an index without a knob.</summary>
    public static (int Least, int Most) KnobRange(this VectorIndex index, int k) => index.Knob switch
    {
        SearchKnob.Probes or SearchKnob.Beam => (1, index.Lists),
        SearchKnob.EfSearch => (k, Math.Max(k, (int)Math.Min(index.Count, LongestBeam))),
        _ => (1, 1),
    };

    public static SearchOptions With(this SearchKnob knob, SearchOptions options, int setting) => knob switch
    {
        SearchKnob.Probes => options with { Probes = setting },
        SearchKnob.EfSearch => options with { EfSearch = setting },
        SearchKnob.Beam => options with { Beam = setting },
        _ => options,
    };
}
