namespace Tessera.Colors.Transport;

/// <summary>How candidates are measured.</summary>
public enum RerankMethod
{
    /// <summary>Exactly, by the network simplex; images that bounds rule out are not measured.</summary>
    Exact,

    /// <summary>By Sinkhorn's iterations, each candidate.</summary>
    Sinkhorn,
}
