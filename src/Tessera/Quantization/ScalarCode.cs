namespace Tessera.Quantization;

/// <summary>How a <see cref="ScalarQuantizer"/> stores each number.</summary>
public enum ScalarCode
{
    /// <summary>One byte on a grid of 256 steps from the least to the largest value of its dimension in the training sample.</summary>
    EightBit,

    /// <summary>IEEE binary16 (fp16), two bytes: an error of at most 2^-11 of the number, sizes up to 65504.</summary>
    Half,

    /// <summary>bfloat16, two bytes: an error of at most 2^-8 of the number, the range of float32.</summary>
    BFloat,
}
