namespace Tessera.Attention.Storage;

/// <summary>How the numbers of keys and values are kept. Queries, scores and results are float32 always.</summary>
public enum KeyFormat
{
    /// <summary>IEEE 754 binary32: 4 bytes.</summary>
    F32,

    /// <summary>IEEE 754 binary16: 2 bytes, 11 significant bits, sizes up to 65,504.</summary>
    F16,

    /// <summary>The upper half of a float32: 2 bytes, 8 significant bits, sizes as float32.</summary>
    BF16,
}
