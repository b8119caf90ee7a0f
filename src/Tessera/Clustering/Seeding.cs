using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>Chooses the first centroids.</summary>
internal static class Seeding
{
    /// <summary>Vectors for each cluster among which k-means++ chooses: a uniform sample of that size has the data's shape, and choosing takes time in proportion to it.</summary>
    private const int PointsPerCluster = 32;

    /// <summary>Most rounds of k-means++; beyond this many clusters, each round draws several centroids from the same distances.</summary>
    private const int MaxRounds = 1024;

    public static Matrix Choose(Matrix vectors, KMeansOptions options, ulong run, CancellationToken cancellationToken)
    {
        var random = new SeededRandom(options.Seed, run);
        return options.Init == KMeansInit.Random
            ? vectors.Select(random.Sample(options.Clusters, vectors.Rows))
            : PlusPlus(vectors, options, random, cancellationToken);
    }

    private static Matrix PlusPlus(Matrix vectors, KMeansOptions options, SeededRandom random, CancellationToken cancellationToken)
    {
        int clusters = options.Clusters, dimension = vectors.Dimension;
        long wanted = (long)clusters * PointsPerCluster;
        Matrix pool = vectors.Rows <= wanted ? vectors : vectors.Select(random.Sample((int)wanted, vectors.Rows));
        var chosen = new List<int>(clusters) { random.Next(pool.Rows) };
        using var distances = new NearestDistances(pool, options.Seed, options.Threads, cancellationToken);
        distances.Include(chosen, cancellationToken);
        int perRound = (clusters + MaxRounds - 1) / MaxRounds;
        var round = new List<int>(perRound);
        while (chosen.Count < clusters)
        {
            round.Clear();
            while (round.Count < Math.Min(perRound, clusters - chosen.Count))
                round.Add(distances.Draw(ref random));
            distances.Include(round, cancellationToken);
            chosen.AddRange(round);
        }

        return pool.Select(chosen.ToArray());
    }

    /// <summary>The squared distance of every vector to the nearest one chosen so far.</summary>
    private sealed class NearestDistances : IDisposable
    {
        private const float Slack = 1e-5f;

        private readonly Matrix _vectors;
        private readonly int _threads;
        private readonly int _block;
        private readonly SketchedVectors _sketches;
        private readonly Panels _left = Panels.Left();
        private readonly float[] _nearest;
        private readonly double[] _blockSums;
        private readonly Scratch[] _scratch;

        public NearestDistances(Matrix vectors, ulong seed, int threads, CancellationToken cancellationToken)
        {
            _vectors = vectors;
            _threads = Workers.Count(threads);
            _sketches = SketchedVectors.Create(vectors, seed, _threads, cancellationToken);
            _block = MatrixProduct.BlockSize(_sketches.Length);
            _nearest = new float[vectors.Rows];
            Array.Fill(_nearest, float.PositiveInfinity);
            _blockSums = new double[(vectors.Rows + _block - 1) / _block];
            _scratch = new Scratch[_threads];
            for (int i = 0; i < _threads; i++)
                _scratch[i] = new Scratch(new float[_block], []);
        }

        /// <summary>Lowers the distances to those from newly chosen vectors.</summary>
        public void Include(List<int> chosen, CancellationToken cancellationToken)
        {
            Matrix centroids = _vectors.Select(chosen.ToArray());
            var norms = new float[centroids.Rows];
            Distance.SquaredNorms(centroids.Span, centroids.Dimension, norms);
            _sketches.PackLeft(centroids, norms, _left);
            for (int i = 0; i < norms.Length; i++)
                norms[i] *= 1 - Slack;
            Workers.For(_blockSums.Length, _threads, (piece, worker) =>
            {
                int start = piece * _block, count = Math.Min(_block, _vectors.Rows - start);
                (float[] limits, List<Pair> pairs) = _scratch[worker];
                for (int i = 0; i < count; i++)
                    limits[i] = _nearest[start + i] * (1 + Slack) - _sketches.Norms[start + i] * (1 - Slack);
                pairs.Clear();
                int firstPanel = start / Panels.RightWidth, panels = (count + Panels.RightWidth - 1) / Panels.RightWidth;
                NearestLeft.ListBelow(_left, norms, _sketches.Panels, firstPanel, panels, limits, pairs);
                foreach (Pair pair in pairs)
                {
                    ref float nearest = ref _nearest[start + pair.Right];
                    nearest = Math.Min(nearest, Distance.SquaredL2(_vectors[start + pair.Right], centroids[pair.Left]));
                }

                _blockSums[piece] = BlockSum(piece);
            }, cancellationToken);
        }

        /// <summary>Draws a vector in proportion to its distance, and never again; uniformly once all distances are zero, which means fewer distinct vectors than clusters.</summary>
        public int Draw(ref SeededRandom random)
        {
            double total = _blockSums.Sum();
            if (!(total > 0))
                return random.Next(_vectors.Rows);
            double at = random.NextDouble() * total;
            int block = 0;
            while (block < _blockSums.Length - 1 && at >= _blockSums[block])
                at -= _blockSums[block++];
            int last = Math.Min((block + 1) * _block, _vectors.Rows) - 1, drawn = last;
            for (int i = block * _block; i <= last; i++)
            {
                at -= _nearest[i];
                if (at < 0)
                {
                    drawn = i;
                    break;
                }
            }

            // Rounding can leave the walk on a vector that is chosen already.
            while (drawn > 0 && _nearest[drawn] == 0)
                drawn--;
            _nearest[drawn] = 0;
            _blockSums[drawn / _block] = BlockSum(drawn / _block);
            return drawn;
        }

        public void Dispose()
        {
            _sketches.Dispose();
            _left.Dispose();
        }

        private double BlockSum(int block)
        {
            double sum = 0;
            foreach (float distance in _nearest.AsSpan(block * _block, Math.Min(_block, _vectors.Rows - block * _block)))
                sum += distance;
            return sum;
        }

        private sealed record Scratch(float[] Limits, List<Pair> Pairs);
    }
}
