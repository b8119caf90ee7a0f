namespace Tessera.Attention.Traces;

/// <summary>What a synthetic trace looks like.</summary>
public enum TraceKind
{
    /// <summary>As attention in language models looks: sinks, local mass, topics that come back and drift, skewed norms.</summary>
    Structured,

    /// <summary>Independent normal keys, queries and values: nothing to find, the worst case of any index.</summary>
    Uniform,

    /// <summary>Structured, with one key somewhere that the query wants and that has a value of its own.</summary>
    Needle,

    /// <summary>Many keys that matter a little each, so that the answer is their mean: plain top-k misses most of it.</summary>
    Aggregation,
}
