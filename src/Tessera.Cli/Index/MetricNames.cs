using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary>The metrics as the command line spells them.</summary>
internal static class MetricNames
{
    public const string All = "l2, ip, cosine";

    public static Metric? Parse(string name) => name.ToUpperInvariant() switch
    {
        "L2" => Metric.L2,
        "IP" or "INNER-PRODUCT" => Metric.InnerProduct,
        "COSINE" => Metric.Cosine,
        _ => null,
    };

    public static string NameOf(Metric metric) => metric switch
    {
        Metric.L2 => "l2",
        Metric.InnerProduct => "ip",
        _ => "cosine",
    };
}
