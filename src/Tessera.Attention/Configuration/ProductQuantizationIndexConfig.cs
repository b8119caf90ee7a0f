namespace Tessera.Attention.Configuration;

/// <summary>
/// A tree of clusters whose keys also have product codes, with codebooks for each head. Within the clusters that a query
/// opens, the codes say which keys are read and scored exactly; the rest of them enter by their estimated weights.
/// </summary>
public sealed record ProductQuantizationIndexConfig : IndexConfig
{
    internal const string TypeName = "product_quantization";

    /// <summary>Parts that a key is cut into; must divide the dimension of a head (default 8).</summary>
    public int NumSubquantizers { get; init; } = 8;

    /// <summary>Bits of a part's code, 1 to 8, of which 4 and 8 (default) fill bytes.</summary>
    public int BitsPerSubquantizer { get; init; } = 8;

    /// <inheritdoc/>
    public override string IndexType => TypeName;

    /// <summary>Reads settings from a dictionary; what is left out has its default.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or a value is of the wrong type or out of range.</exception>
    public static new ProductQuantizationIndexConfig FromDictionary(IReadOnlyDictionary<string, object?> dictionary)
    {
        var reader = new ConfigReader(dictionary);
        var defaults = new ProductQuantizationIndexConfig();
        ProductQuantizationIndexConfig config = Common(new ProductQuantizationIndexConfig
        {
            NumSubquantizers = reader.Int("num_subquantizers", defaults.NumSubquantizers),
            BitsPerSubquantizer = reader.Int("bits_per_subquantizer", defaults.BitsPerSubquantizer),
        }, reader);
        config.ValidateOwn();
        return config;
    }

    private protected override void AddTo(Dictionary<string, object?> dictionary)
    {
        dictionary["num_subquantizers"] = NumSubquantizers;
        dictionary["bits_per_subquantizer"] = BitsPerSubquantizer;
    }

    private protected override void ValidateOwn()
    {
        Require(NumSubquantizers >= 1, nameof(NumSubquantizers), NumSubquantizers, "at least 1");
        Require(BitsPerSubquantizer is >= 1 and <= 8, nameof(BitsPerSubquantizer), BitsPerSubquantizer, "1 to 8");
    }
}
