using System.Buffers;
using Tessera.Kernels;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

public abstract partial class VectorIndex
{
    /// <summary>
    /// An index behind a rotation: vectors and queries are rotated on their way in, and all else is the inner index's. A
    /// rotation onto as many dimensions or more keeps all distances; those after one onto fewer are the distances of what was
    /// kept, for cosine between vectors scaled to length 1 anew. It lies within <see cref="VectorIndex"/> because it hands on
    /// what only an index itself may call.
    /// </summary>
    internal sealed class RotatedIndex : VectorIndex
    {
        private readonly RotationPlan _plan;
        private readonly VectorIndex _inner;
        private Rotation? _rotation;

        /// <param name="dimension">Numbers in each vector before it is rotated.</param>
        /// <param name="plan">The rotation.</param>
        /// <param name="inner">Holds the rotated vectors.</param>
        public RotatedIndex(int dimension, RotationPlan plan, VectorIndex inner)
            : base(dimension, inner.Metric)
        {
            (_plan, _inner) = (plan, inner);
            inner.Front = this;
        }

        public override string Specification => $"{_plan},{_inner.Specification}";

        public override bool IsTrained => Volatile.Read(ref _rotation) is not null && _inner.IsTrained;

        public override int Lists => _inner.Lists;

        public override SearchKnob Knob => _inner.Knob;

        public override IndexClusters? Clusters() => _inner.Clusters();

        public override MemoryUsage Memory =>
            _inner.Memory with { RawBytesPerVector = Dimension * sizeof(float), MeasuredBytes = _inner.Memory.MeasuredBytes + (_rotation?.Bytes ?? 0) };

        /// <summary>The rotation, once it is made.</summary>
        public Rotation? Rotation => _rotation;

        public override int TrainingVectors(BuildOptions? options = null) =>
            Math.Max(_plan.TrainingVectors((options ?? BuildOptions.Default).MaxPointsPerCentroid), _inner.TrainingVectors(options));

        public override void Save(string path)
        {
            RequireTrained();
            _inner.Save(path);
        }

        /// <summary>Puts a rotation that was saved in front of an index that was opened.</summary>
        public static RotatedIndex Open(RotationPlan plan, Rotation rotation, VectorIndex inner) =>
            new(rotation.Dimension, plan, inner) { _rotation = rotation };

        private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
        {
            Rotation rotation = _plan.Make(sample, options, progress, cancellationToken);
            TrainingReport report = _inner.TrainCore(Rotated(rotation, sample, options, cancellationToken), options, progress, cancellationToken);
            Volatile.Write(ref _rotation, rotation);
            return report;
        }

        private protected override Catalog Catalog => _inner.Catalog;

        private protected override void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
            _inner.AddCore(Rotated(_rotation!, vectors, options, cancellationToken), next, options, progress, cancellationToken);

        private protected override void Show(Catalog next) => _inner.Show(next);

        private protected override void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
            _inner.CompactCore(kept, next, options, progress, cancellationToken);

        private protected override VectorIndex EmptyTwin() => new RotatedIndex(Dimension, _plan, _inner.EmptyTwin()) { _rotation = _rotation };

        private protected override string? DifferenceFrom(VectorIndex other)
        {
            var rotated = (RotatedIndex)other;
            return _rotation!.Matrix.Span.SequenceEqual(rotated._rotation!.Matrix.Span) ? _inner.DifferenceFrom(rotated._inner) : "another rotation";
        }

        private protected override void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
            _inner.MergeCore(((RotatedIndex)other)._inner, rows, next, options, progress, cancellationToken);

        private protected override void CheckKnobs(SearchOptions options) => _inner.CheckKnobs(options);

        private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options)
        {
            float[] room = ArrayPool<float>.Shared.Rent(_inner.Dimension);
            Span<float> rotated = room.AsSpan(0, _inner.Dimension);
            _rotation!.Apply(query, rotated);
            int found = _inner.SearchOne(rotated, results, options);
            ArrayPool<float>.Shared.Return(room);
            return found;
        }

        private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken) =>
            _inner.SearchMany(_rotation!.Apply(queries, options.Threads, cancellationToken), k, results, options, cancellationToken);

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _inner.Dispose();
        }

        /// <summary>Vectors as the inner index takes them: for cosine of length 1 once more, which what lost dimensions is not.</summary>
        private Matrix Rotated(Rotation rotation, Matrix vectors, BuildOptions options, CancellationToken cancellationToken)
        {
            Matrix rotated = rotation.Apply(vectors, options.Threads, cancellationToken);
            return Metric == Metric.Cosine ? Normalisation.Apply(rotated) : rotated;
        }
    }
}
