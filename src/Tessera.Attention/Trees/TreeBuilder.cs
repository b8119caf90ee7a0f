using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Attention.Trees;

/// <summary>
/// Makes segments: gathers rows, clusters their keys, clusters the clusters, and lays the rows out in that order. Working
/// memory grows to the largest segment and is used again; one builder for each thread.
/// </summary>
internal sealed unsafe class TreeBuilder(BufferPool pool, RowLayout layout) : IDisposable
{
    private readonly Lloyd _lloyd = new();
    private readonly ClusterStatistics _statistics = new();
    private LeafInserter? _inserter;
    private KeyCoder? _coder;
    private IndexConfig _config = null!;
    private AlignedBuffer<byte> _staged = new(0);
    private AlignedBuffer<float> _keys = new(0);
    private AlignedBuffer<float> _starts = new(0);
    private int[] _positions = [];
    private readonly LevelGroups _groups = new();
    private int _staging;
    private int _startCount;

    /// <summary>Mean squared distance of a key to its centroid in the last tree.</summary>
    public double MeanSquare { get; private set; }

    /// <summary>Iterations of the last clustering of keys.</summary>
    public int Iterations { get; private set; }

    /// <summary>For open segments.</summary>
    public LeafInserter Inserter => _inserter ??= new LeafInserter(layout, _statistics);

    /// <summary>For segments with codes.</summary>
    public KeyCoder Coder => _coder ??= new KeyCoder(pool, layout);

    /// <summary>Forgets what was staged, and makes room.</summary>
    public void Begin(int rows, IndexConfig config)
    {
        _config = config;
        _staging = 0;
        _startCount = 0;
        Room.Grow(ref _staged, (long)rows * layout.Pitch);
        Room.Grow(ref _keys, (long)rows * layout.Stride);
        Room.Grow(ref _starts, (long)rows * layout.Stride);
        Room.Grow(ref _positions, rows);
    }

    /// <summary>Stages rows that lie one after the other and were not clustered before.</summary>
    public void Stage(byte* rows, int firstPosition, int count)
    {
        for (int i = 0; i < count; i++)
            _positions[_staging + i] = firstPosition + i;
        Copy(rows, count);
    }

    /// <summary>Stages the rows of a segment from a position on, up to another one, and its clusters to start from.</summary>
    public void Stage(Segment segment, int from = 0, int before = int.MaxValue)
    {
        if (segment.Levels.Count == 0)
        {
            StageRun(segment, 0, segment.Count, from, before);
            return;
        }

        ClusterLevel leaves = segment.Leaves;
        for (int leaf = 0; leaf < leaves.Count; leaf++)
        {
            int staged = _staging;
            StageRun(segment, leaves.Nodes[leaf].Start, leaves.Nodes[leaf].Count, from, before);
            if (_staging > staged)
                leaves.MeanSpan(leaf).CopyTo(_starts.Slice((long)_startCount++ * layout.Stride, layout.Stride));
        }
    }

    /// <summary>Stages new rows to be clustered with segments: every so-manieth is a cluster to start from.</summary>
    public void StageWithStarts(byte* rows, int firstPosition, int count)
    {
        int clusters = (count + _config.BranchingFactor - 1) / _config.BranchingFactor;
        for (int i = 0; i < clusters; i++)
            layout.Read(rows + (long)(i * (long)count / clusters) * layout.Pitch, _starts.Slice((long)_startCount++ * layout.Stride, layout.Stride));
        Stage(rows, firstPosition, count);
    }

    /// <summary>Builds a segment of what was staged.</summary>
    /// <param name="isOpen">Leaves room in clusters and levels for keys to be inserted.</param>
    /// <param name="random">For the first centroids, where there are none to start from.</param>
    public Segment Build(bool isOpen, ref SeededRandom random)
    {
        int count = _staging, clusters = (count + _config.BranchingFactor - 1) / _config.BranchingFactor;
        if (_config.NumLevels == 1)
            return BuildFlat(count);
        for (int i = 0; i < count; i++)
            layout.Read(_staged.Pointer + (long)i * layout.Pitch, _keys.Slice((long)i * layout.Stride, layout.Stride));
        bool isStarted = _startCount > 0;
        if (isStarted)
        {
            clusters = Math.Min(_startCount, count);
            _starts.Slice(0, clusters * layout.Stride).CopyTo(_lloyd.Start(clusters, layout.Stride));
        }

        _lloyd.Run(_keys.Pointer, count, layout.Stride, clusters, isStarted, _config, ref random);
        (MeanSquare, Iterations) = (_lloyd.MeanSquare, _lloyd.Iterations);
        _groups.Begin(_lloyd.Assignments[..count], clusters);
        Span<float> means = _groups.Means(new ReadOnlySpan<float>(_keys.Pointer, count * layout.Stride), layout.Stride);
        while (_groups.Levels < _config.NumLevels - 1 && _groups.Clusters > _config.BranchingFactor)
        {
            int parents = (_groups.Clusters + _config.BranchingFactor - 1) / _config.BranchingFactor;
            fixed (float* points = means)
                _lloyd.Run(points, _groups.Clusters, layout.Stride, parents, false, _config, ref random);
            _groups.Add(_lloyd.Assignments[.._groups.Clusters], parents);
            means = _groups.Means(means, layout.Stride);
        }

        Segment segment = _groups.Lay(pool, layout, count, isOpen ? _config.BranchingFactor : 0);
        Fill(segment, count);
        for (int level = 0; level < segment.Levels.Count; level++)
            _statistics.Describe(segment, level);
        return segment;
    }

    public void Dispose()
    {
        _lloyd.Dispose();
        _statistics.Dispose();
        _inserter?.Dispose();
        _coder?.Dispose();
        _staged.Dispose();
        _keys.Dispose();
        _starts.Dispose();
    }

    /// <summary>One level: rows in their own order and no clusters.</summary>
    private Segment BuildFlat(int count)
    {
        Segment segment = pool.RentSegment(layout, count);
        segment.Count = count;
        new ReadOnlySpan<byte>(_staged.Pointer, checked(count * layout.Pitch)).CopyTo(new Span<byte>(segment.Rows, count * layout.Pitch));
        _positions.AsSpan(0, count).CopyTo(new Span<int>(segment.Positions, count));
        SetRange(segment);
        return segment;
    }

    /// <summary>Copies rows to their clusters.</summary>
    private void Fill(Segment segment, int count)
    {
        segment.Count = count;
        for (int i = 0; i < count; i++)
        {
            ref ClusterNode node = ref segment.Leaves.Nodes[_groups.LeafOf(i)];
            int row = node.Start + node.Count++;
            new ReadOnlySpan<byte>(_staged.Pointer + (long)i * layout.Pitch, layout.Pitch).CopyTo(new Span<byte>(segment.Row(row), layout.Pitch));
            segment.Positions[row] = _positions[i];
        }

        SetRange(segment);
    }

    private void SetRange(Segment segment)
    {
        (segment.First, segment.End) = (int.MaxValue, 0);
        foreach (int position in _positions.AsSpan(0, segment.Count))
        {
            segment.First = Math.Min(segment.First, position);
            segment.End = Math.Max(segment.End, position + 1);
        }
    }

    private void StageRun(Segment segment, int start, int count, int from, int before)
    {
        for (int row = start; row < start + count; row++)
        {
            if (segment.Positions[row] < from || segment.Positions[row] >= before)
                continue;
            _positions[_staging] = segment.Positions[row];
            Copy(segment.Row(row), 1);
        }
    }

    private void Copy(byte* rows, int count)
    {
        int bytes = checked(count * layout.Pitch);
        new ReadOnlySpan<byte>(rows, bytes).CopyTo(new Span<byte>(_staged.Pointer + (long)_staging * layout.Pitch, bytes));
        _staging += count;
    }
}
