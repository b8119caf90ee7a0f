namespace Tessera.Attention;

/// <summary>How attention is computed.</summary>
public enum AttentionMode
{
    /// <summary>Within the budget where that is faster, else dense (default).</summary>
    Auto,

    /// <summary>All keys, at the speed of memory.</summary>
    Dense,

    /// <summary>Opens clusters until a bound proves that the output is within the tolerance of the dense one.</summary>
    Certified,

    /// <summary>Opens the clusters with most weight for each key, up to a budget of keys or of attention; all others enter by their means.</summary>
    Budgeted,

    /// <summary>As budgeted, but among the keys of opened clusters product codes choose those that are scored exactly. For a <see cref="Configuration.ProductQuantizationIndexConfig"/>.</summary>
    Quantized,
}
