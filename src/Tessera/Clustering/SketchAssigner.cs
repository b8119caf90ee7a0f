using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// Exact assignment that looks at few whole vectors. Every vector carries an upper bound of the distance to its centroid,
/// kept right by adding how far that centroid moved. A matrix product of sketches, an eighth of the work or less, gives
/// lower bounds to all centroids; only the pairs whose lower bound is below the upper one are measured in full.
/// For data whose variance lies in few directions (images, most embeddings); of no use where all directions vary alike.
/// </summary>
/// <remarks>After the bounds of Hamerly (2010) and the partial products of SuperKMeans (2025), without its error: the bound is a theorem, not an estimate.</remarks>
internal sealed class SketchAssigner : Assigner
{
    /// <summary>Relative room for the rounding of the sketches' product, so that no true winner is ruled out.</summary>
    private const float Slack = 1e-5f;

    /// <summary>Share of a distance by which its bound may grow in one iteration before it is measured again.</summary>
    private const float LooseShare = 0.02f;

    /// <summary>Share of the pairs beyond which measuring them one by one costs more than the whole product, whose multiply-adds run some twenty times as fast.</summary>
    private const double MostCandidates = 0.05;

    private readonly Matrix _vectors;
    private readonly SketchedVectors _sketches;
    private readonly Panels _left = Panels.Left();
    private readonly Panels _wholeLeft = Panels.Left();
    private readonly float[] _upper;
    private readonly int _block;
    private readonly int _threads;
    private readonly Scratch[] _scratch;
    private bool _boundsFail;

    public SketchAssigner(Matrix vectors, SketchedVectors sketches, int threads)
    {
        _vectors = vectors;
        _sketches = sketches;
        _threads = Workers.Count(threads);
        _block = MatrixProduct.BlockSize(sketches.Length);
        _upper = new float[vectors.Rows];
        _scratch = new Scratch[_threads];
        for (int i = 0; i < _threads; i++)
            _scratch[i] = new Scratch(_block);
    }

    public override void Assign(Matrix centroids, ReadOnlyMemory<float> shifts, int[] assignments, CancellationToken cancellationToken)
    {
        var offsets = new float[centroids.Rows];
        Distance.SquaredNorms(centroids.Span, centroids.Dimension, offsets);
        _sketches.PackLeft(centroids, offsets, _left);
        _wholeLeft.Pack(centroids.Span, centroids.Rows, centroids.Dimension, centroids.Dimension);
        float[] loose = Array.ConvertAll(offsets, norm => norm * (1 - Slack));
        int blocks = (_vectors.Rows + _block - 1) / _block, failures = 0;
        Workers.For(blocks, _threads, (piece, worker) =>
        {
            var block = new Block(piece * _block, Math.Min(_block, _vectors.Rows - piece * _block), _scratch[worker]);
            if (_boundsFail || !Prune(block, centroids, shifts.Span, offsets, loose, assignments))
            {
                MeasureAll(block, centroids, offsets, assignments);
                Interlocked.Increment(ref failures);
            }
        }, cancellationToken);
        // Bounds that rule out too little will not do better at the next iteration, whose centroids are much the same.
        _boundsFail = failures * 2 > blocks;
    }

    public override void Dispose()
    {
        _sketches.Dispose();
        _left.Dispose();
        _wholeLeft.Dispose();
        foreach (Scratch scratch in _scratch)
            scratch.Whole.Dispose();
    }

    /// <summary>Assigns a block by bounds; false, with upper bounds still right, if too many pairs are left to measure.</summary>
    private bool Prune(Block block, Matrix centroids, ReadOnlySpan<float> shifts, float[] offsets, float[] loose, int[] assignments)
    {
        if (shifts.IsEmpty)
            Guess(block, centroids, offsets, assignments);
        else
            Loosen(block, centroids, shifts, assignments);
        ListCandidates(block, loose);
        if (block.Scratch.Pairs.Count > block.Count * Math.Max(4, MostCandidates * centroids.Rows))
            return false;
        SortCandidates(block);
        for (int i = 0; i < block.Count; i++)
            Resolve(block, i, centroids, assignments);
        return true;
    }

    /// <summary>Assigns a block by the whole product.</summary>
    private void MeasureAll(Block block, Matrix centroids, float[] offsets, int[] assignments)
    {
        int dimension = _vectors.Dimension, step = MatrixProduct.BlockSize(dimension);
        Scratch scratch = block.Scratch;
        for (int start = block.Start; start < block.Start + block.Count; start += step)
        {
            int count = Math.Min(step, block.Start + block.Count - start);
            Panels whole = scratch.Whole.Pack(_vectors.Slice(start, count).Span, count, dimension, dimension);
            NearestLeft.Find(_wholeLeft, offsets, whole, 0, whole.PanelCount, scratch.Limits, scratch.Index);
            for (int i = 0; i < count; i++)
            {
                assignments[start + i] = scratch.Index[i];
                _upper[start + i] = MathF.Sqrt(Distance.SquaredL2(_vectors[start + i], centroids[scratch.Index[i]]));
            }
        }
    }

    /// <summary>Starts from the centroid whose sketch is nearest; its true distance is the first upper bound.</summary>
    private void Guess(Block block, Matrix centroids, float[] offsets, int[] assignments)
    {
        NearestLeft.Find(_left, offsets, _sketches.Panels, block.FirstPanel, block.PanelCount, block.Scratch.Limits, block.Scratch.Index);
        for (int i = 0; i < block.Count; i++)
        {
            int point = block.Start + i, centroid = block.Scratch.Index[i];
            assignments[point] = centroid;
            _upper[point] = MathF.Sqrt(Distance.SquaredL2(_vectors[point], centroids[centroid]));
        }
    }

    /// <summary>A centroid that moved by s is at most s farther than it was; where that says too little, its distance is taken anew.</summary>
    private void Loosen(Block block, Matrix centroids, ReadOnlySpan<float> shifts, int[] assignments)
    {
        for (int point = block.Start; point < block.Start + block.Count; point++)
        {
            int centroid = assignments[point];
            float shift = shifts[centroid];
            _upper[point] = shift <= LooseShare * _upper[point]
                ? _upper[point] + shift
                : MathF.Sqrt(Distance.SquaredL2(_vectors[point], centroids[centroid]));
        }
    }

    /// <summary>Lists, for each vector of the block, the centroids that the sketches do not rule out; its own is among them, unless both are zero.</summary>
    private void ListCandidates(Block block, float[] offsets)
    {
        Scratch scratch = block.Scratch;
        for (int i = 0; i < block.Count; i++)
        {
            float upper = _upper[block.Start + i];
            scratch.Limits[i] = upper * upper * (1 + Slack) - _sketches.Norms[block.Start + i] * (1 - Slack);
        }

        scratch.Pairs.Clear();
        NearestLeft.ListBelow(_left, offsets, _sketches.Panels, block.FirstPanel, block.PanelCount, scratch.Limits, scratch.Pairs);
    }

    /// <summary>A counting sort by vector: First[i]..First[i + 1] are the candidates of vector i.</summary>
    private static void SortCandidates(Block block)
    {
        Scratch scratch = block.Scratch;
        int[] first = scratch.First;
        Array.Clear(first);
        foreach (Pair pair in scratch.Pairs)
            first[pair.Right + 2]++;
        for (int i = 2; i < block.Count + 2; i++)
            first[i] += first[i - 1];
        if (scratch.Candidates.Length < scratch.Pairs.Count)
            scratch.Candidates = new Pair[scratch.Pairs.Count * 2];
        foreach (Pair pair in scratch.Pairs)
            scratch.Candidates[first[pair.Right + 1]++] = pair;
    }

    /// <summary>Measures the candidates of one vector in full, most promising first, as long as they can win.</summary>
    private void Resolve(Block block, int i, Matrix centroids, int[] assignments)
    {
        int point = block.Start + i;
        Span<Pair> candidates = block.Scratch.Candidates.AsSpan(block.Scratch.First[i]..block.Scratch.First[i + 1]);
        // Nothing is below the limit of a zero vector on a zero centroid, not even its own: it stays.
        if (candidates.Length == 0 || (candidates.Length == 1 && candidates[0].Left == assignments[point]))
            return;

        int promising = 0;
        for (int c = 1; c < candidates.Length; c++)
        {
            if (candidates[c].Value < candidates[promising].Value)
                promising = c;
        }

        (candidates[0], candidates[promising]) = (candidates[promising], candidates[0]);
        ReadOnlySpan<float> vector = _vectors[point];
        float norm = _sketches.Norms[point] * (1 - Slack);
        int best = -1;
        float least = float.PositiveInfinity;
        foreach (Pair candidate in candidates)
        {
            if (candidate.Value + norm > least * (1 + Slack))
                continue;
            float distance = Distance.SquaredL2(vector, centroids[candidate.Left]);
            if (distance < least || (distance == least && candidate.Left < best))
                (least, best) = (distance, candidate.Left);
        }

        assignments[point] = best;
        _upper[point] = MathF.Sqrt(least);
    }

    private readonly record struct Block(int Start, int Count, Scratch Scratch)
    {
        public int FirstPanel => Start / Panels.RightWidth;

        public int PanelCount => (Count + Panels.RightWidth - 1) / Panels.RightWidth;
    }

    /// <summary>What one thread needs for a block.</summary>
    private sealed class Scratch(int block)
    {
        public Panels Whole { get; } = Panels.Right();

        public float[] Limits { get; } = new float[block];

        public int[] Index { get; } = new int[block];

        public int[] First { get; } = new int[block + 2];

        public List<Pair> Pairs { get; } = [];

        public Pair[] Candidates { get; set; } = [];
    }
}
