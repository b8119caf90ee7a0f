using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>Residual codes: a vector is a sum of entries as long as itself, one of each level's codebook.</summary>
internal sealed class ResidualCodes(int dimension, IvfPqOptions options) : TableCodes
{
    private readonly ResidualQuantizer _quantizer = new(dimension, options.Levels, options.Bits, options.Beam);
    private Panels? _negated;

    public override Matrix Codebooks => _quantizer.Codebooks;

    public override long Bytes => _quantizer.Bytes + (_negated?.Bytes ?? 0);

    public override void Train(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        _quantizer.Train(sample, options, progress, cancellationToken);
        PackNegated();
    }

    public override void Restore(float[] codebooks, DimensionOrder? order)
    {
        _quantizer.SetCodebooks(codebooks);
        PackNegated();
    }

    public override ITableEncoder NewEncoder(int block) => new Encoder(_quantizer);

    public override void Decode(ReadOnlySpan<ushort> numbers, Span<float> vector) => _quantizer.DecodeNumbers(numbers, vector);

    public override void NegatedTables(ReadOnlySpan<float> queries, int count, Panels scratch, AlignedBuffer<float> tables) =>
        MatrixProduct.Store(scratch.Pack(queries, count, _quantizer.Dimension, _quantizer.Dimension), _negated!, tables, 0, _negated!.Count);

    private void PackNegated()
    {
        Matrix codebooks = _quantizer.Codebooks;
        var negated = new float[codebooks.Span.Length];
        for (int i = 0; i < negated.Length; i++)
            negated[i] = -codebooks.Span[i];
        _negated = Panels.Right(negated, codebooks.Rows, codebooks.Dimension);
    }

    private sealed class Encoder(ResidualQuantizer quantizer) : ITableEncoder
    {
        private readonly ResidualScratch _scratch = new();

        public void Encode(ReadOnlySpan<float> rows, int count, Span<ushort> numbers) => quantizer.EncodeNumbers(rows, count, numbers, _scratch);

        public void Dispose() => _scratch.Dispose();
    }
}
