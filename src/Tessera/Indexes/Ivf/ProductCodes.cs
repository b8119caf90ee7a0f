using System.Buffers;
using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>Product codes: each part of a vector has a codebook of its own. Which dimensions make a part is chosen in training.</summary>
internal sealed class ProductCodes(int dimension, IvfPqOptions options) : TableCodes
{
    private readonly ProductQuantizer _quantizer = new(dimension, options.Subquantizers, options.Bits);
    private DimensionOrder? _order;

    public override Matrix Codebooks => _quantizer.Codebooks;

    public override ReadOnlySpan<int> Order => _order is null ? [] : _order.Taken;

    public override long Bytes => _quantizer.Bytes + (long)Order.Length * sizeof(int);

    public override void Train(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        _order = DimensionOrder.Choose(sample, _quantizer.Subquantizers, _quantizer.Bits, options, cancellationToken);
        _quantizer.Train(_order?.Apply(sample) ?? sample, options, progress, cancellationToken);
    }

    public override void Restore(float[] codebooks, DimensionOrder? order)
    {
        _order = order;
        _quantizer.SetCodebooks(codebooks);
    }

    public override ITableEncoder NewEncoder(int block) => new Encoder(_quantizer, _order, block);

    public override void Decode(ReadOnlySpan<ushort> numbers, Span<float> vector)
    {
        if (_order is null)
        {
            _quantizer.DecodeNumbers(numbers, vector);
            return;
        }

        float[] room = ArrayPool<float>.Shared.Rent(vector.Length);
        Span<float> ordered = room.AsSpan(0, vector.Length);
        _quantizer.DecodeNumbers(numbers, ordered);
        _order.Undo(ordered, vector);
        ArrayPool<float>.Shared.Return(room);
    }

    public override void NegatedTables(ReadOnlySpan<float> queries, int count, Panels scratch, AlignedBuffer<float> tables)
    {
        if (_order is null)
        {
            _quantizer.NegatedTables(queries, count, scratch, tables);
            return;
        }

        float[] room = ArrayPool<float>.Shared.Rent(queries.Length);
        Span<float> ordered = room.AsSpan(0, queries.Length);
        _order.Apply(queries, ordered);
        _quantizer.NegatedTables(ordered, count, scratch, tables);
        ArrayPool<float>.Shared.Return(room);
    }

    private sealed class Encoder(ProductQuantizer quantizer, DimensionOrder? order, int block) : ITableEncoder
    {
        private readonly EncodeScratch _scratch = new(block);
        private readonly float[] _ordered = order is null ? [] : new float[block * quantizer.Dimension];

        public void Encode(ReadOnlySpan<float> rows, int count, Span<ushort> numbers)
        {
            if (order is not null)
            {
                order.Apply(rows[..(count * quantizer.Dimension)], _ordered);
                rows = _ordered;
            }

            quantizer.EncodeNumbers(rows, count, numbers, _scratch);
        }

        public void Dispose() => _scratch.Dispose();
    }
}
