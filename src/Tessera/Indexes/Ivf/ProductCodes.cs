using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>Product codes: each part of a vector has a codebook of its own.</summary>
internal sealed class ProductCodes(int dimension, IvfPqOptions options) : TableCodes
{
    private readonly ProductQuantizer _quantizer = new(dimension, options.Subquantizers, options.Bits);

    public override Matrix Codebooks => _quantizer.Codebooks;

    public override long Bytes => _quantizer.Bytes;

    public override void Train(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        _quantizer.Train(sample, options, progress, cancellationToken);

    public override void SetCodebooks(float[] codebooks) => _quantizer.SetCodebooks(codebooks);

    public override ITableEncoder NewEncoder(int block) => new Encoder(_quantizer, block);

    public override void Decode(ReadOnlySpan<ushort> numbers, Span<float> vector) => _quantizer.DecodeNumbers(numbers, vector);

    public override void NegatedTables(ReadOnlySpan<float> queries, int count, Panels scratch, AlignedBuffer<float> tables) =>
        _quantizer.NegatedTables(queries, count, scratch, tables);

    private sealed class Encoder(ProductQuantizer quantizer, int block) : ITableEncoder
    {
        private readonly EncodeScratch _scratch = new(block);

        public void Encode(ReadOnlySpan<float> rows, int count, Span<ushort> numbers) => quantizer.EncodeNumbers(rows, count, numbers, _scratch);

        public void Dispose() => _scratch.Dispose();
    }
}
