using System.Runtime.CompilerServices;

namespace Tessera.Kernels;

/// <summary>
/// The scan of one query through inverted lists: distance = offset(list) + term(code) + factor * sum of table entries.
/// With byte tables a code costs a fraction of a cycle a part; the k-th least approximate distance, widened by twice the
/// error bound, rules out almost all codes, and the rest is scored exactly. The answers are those of the plain scan.
/// </summary>
internal sealed unsafe class PqScan : IDisposable
{
    private readonly AlignedBuffer<ushort> _sums = new(CodeScan.Group);
    private readonly int[] _positions = new int[CodeScan.Group];
    private readonly float[] _distances = new float[CodeScan.Group];
    private AlignedBuffer<byte> _bytes = new(0);
    private AlignedBuffer<float> _merged = new(0);
    private float[] _least = [];
    private Candidate[] _nearest = [];
    private int _nearestCount;
    private Pending[] _pending = new Pending[1024];
    private int _pendingCount;
    private ushort[] _numbers = [];

    private AlignedBuffer<float>? _tables;
    private long _table;
    private int _parts;
    private float _factor;
    private int _k;
    private float _error;
    private float _largestOffset;
    private ByteTables _rounded;
    private RowSet? _allowed;
    private bool _plain;

    /// <summary>Codes looked at since <see cref="Begin"/>.</summary>
    public long Scanned { get; private set; }

    /// <summary>Starts a query.</summary>
    /// <param name="tables">Tables of queries.</param>
    /// <param name="table">Where this query's tables begin.</param>
    /// <param name="parts">Numbers in a code.</param>
    /// <param name="bits">Bits of each; a table has 2^bits entries.</param>
    /// <param name="factor">Multiplies the sum of the table entries: 2 for L2, 1 for the inner product.</param>
    /// <param name="k">Answers wanted.</param>
    /// <param name="allowed">The ordinals that may be answers; null for all.</param>
    /// <param name="plain">Scores every code exactly: the oracle, and the way of machines without byte permutes.</param>
    public void Begin(AlignedBuffer<float> tables, long table, int parts, int bits, float factor, int k, RowSet? allowed, bool plain)
    {
        (_factor, _k, _allowed) = (factor, k, allowed);
        if (_nearest.Length < k)
            _nearest = new Candidate[k];
        _nearestCount = _pendingCount = 0;
        Scanned = 0;
        _largestOffset = 0;
        bool bytes = CodeList.AreBlocked(bits);
        if (bytes && bits < 8)
            (_tables, _table, _parts) = (Merge(tables.Pointer + table, parts, bits), 0, (parts * bits + 7) / 8);
        else
            (_tables, _table, _parts) = (tables, table, parts);
        _plain = plain || !CodeScan.IsAccelerated || !bytes;
        if (!_plain)
            Round();
    }

    /// <summary>Looks at all codes of a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="number">Its number, to find it again in <see cref="Finish"/>.</param>
    /// <param name="offset">Added to the distances of all its codes.</param>
    public void Scan(CodeList list, int number, float offset)
    {
        Scanned += list.Count;
        if (_plain)
            ScanPlain(list, offset);
        else
            ScanBytes(list, number, offset);
    }

    /// <summary>Ends the query.</summary>
    /// <param name="lists">All lists, by number.</param>
    /// <param name="offsets">The offsets that were given for them, by number.</param>
    /// <param name="answers">Room for k candidates.</param>
    /// <returns>The answers, nearest first.</returns>
    public Span<Candidate> Finish(ReadOnlySpan<CodeList> lists, ReadOnlySpan<float> offsets, Span<Candidate> answers)
    {
        if (_plain)
        {
            Span<Candidate> found = TopK.Resume(_nearest.AsSpan(0, _k), _nearestCount).Sort();
            found.CopyTo(answers);
            return answers[..found.Length];
        }

        // First the nearest by the rounded tables. Once they are scored exactly, the others need only be off in one way.
        float nearest = _nearestCount < _k ? float.PositiveInfinity : _nearest[0].Distance;
        var top = new TopK(answers[.._k]);
        for (int i = 0; i < _pendingCount; i++)
        {
            if (_pending[i].Distance <= nearest)
                ScoreExactly(_pending[i], lists, offsets, ref top);
        }

        for (int i = 0; i < _pendingCount; i++)
        {
            if (_pending[i].Distance > nearest && _pending[i].Distance < Widened(top.Threshold, 1))
                ScoreExactly(_pending[i], lists, offsets, ref top);
        }

        return top.Sort();
    }

    private void ScoreExactly(Pending pending, ReadOnlySpan<CodeList> lists, ReadOnlySpan<float> offsets, ref TopK top)
    {
        CodeList list = lists[pending.List];
        (int start, int stride) = list.Locate(pending.Position);
        fixed (byte* codes = list.Codes.Span)
        {
            float sum = CodeScan.TableSum(_tables!.Pointer + _table, codes + start, stride, _parts);
            top.Push(Score(offsets[pending.List], list.Terms.Span[pending.Position], sum), list.Ordinals.Span[pending.Position]);
        }
    }

    public void Dispose()
    {
        _sums.Dispose();
        _bytes.Dispose();
        _merged.Dispose();
    }

    /// <summary>Tables of 256 entries for whole bytes, from the tables of the numbers in them.</summary>
    private AlignedBuffer<float> Merge(float* tables, int parts, int bits)
    {
        int each = 8 / bits, whole = parts / each, rest = parts - whole * each;
        Grow(ref _merged, (whole + (rest > 0 ? 1 : 0)) * ByteTables.Entries);
        for (int b = 0; b < whole; b++)
            TableMerge.Run(tables + ((long)b * each << bits), bits, _merged.Pointer + b * ByteTables.Entries);
        if (rest > 0)
        {
            // The numbers that the last byte has room for and a code does not have add nothing.
            Span<float> last = stackalloc float[each << bits];
            last.Clear();
            new ReadOnlySpan<float>(tables + ((long)whole * each << bits), rest << bits).CopyTo(last);
            fixed (float* padded = last)
                TableMerge.Run(padded, bits, _merged.Pointer + whole * ByteTables.Entries);
        }

        return _merged;
    }

    private void Round()
    {
        Grow(ref _bytes, _parts * ByteTables.Entries);
        if (_least.Length < _parts)
            _least = new float[_parts];
        _rounded = ByteTables.Round(_tables!.Pointer + _table, _parts, _bytes.Pointer, _least);
        _error = _factor * _rounded.Error;
        // Tables too many to add up in 16 bits, or so large that their sums overflow, have no bound to prune by.
        _plain = !float.IsFinite(_error);
    }

    private static void Grow<T>(ref AlignedBuffer<T> buffer, int length)
        where T : unmanaged
    {
        if (buffer.Length >= length)
            return;
        buffer.Dispose();
        buffer = new AlignedBuffer<T>(length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Score(float offset, float term, float sum) => offset + term + _factor * sum;

    /// <summary>Nothing with an approximate distance from here on can be among the k nearest.</summary>
    private float Limit()
    {
        if (_nearestCount < _k)
            return float.PositiveInfinity;
        // The k-th may be off by the bound in one way and a better one in the other.
        return Widened(_nearest[0].Distance, 2);
    }

    /// <summary>A distance and some bounds. On top comes the rounding of the last sums, of offsets and terms that may be far larger than the distances in which they cancel.</summary>
    private float Widened(float distance, int bounds) =>
        MathF.BitIncrement(distance + bounds * _error + 1e-6f * (MathF.Abs(distance) + _largestOffset + _error));

    private void ScanBytes(CodeList list, int number, float offset)
    {
        float start = offset + _factor * _rounded.Bias, scale = _factor * _rounded.Scale;
        _largestOffset = float.MaxNumber(_largestOffset, MathF.Abs(offset));
        fixed (byte* codes = list.Codes.Span)
        fixed (float* terms = list.Terms.Span)
        fixed (int* positions = _positions)
        fixed (float* distances = _distances)
        {
            for (int at = 0; at < list.Count; at += CodeScan.Group)
            {
                int count = Math.Min(CodeScan.Group, list.Count - at);
                CodeScan.Sums(codes + (long)at * _parts, count, list.TailStride, _parts, _bytes.Pointer, _sums.Pointer);
                int found = SumFilter.Below(_sums.Pointer, terms + at, count, start, scale, Limit(), positions, distances);
                for (int i = 0; i < found; i++)
                {
                    if (_allowed is null || _allowed.Contains(list.Ordinals.Span[at + positions[i]]))
                        Keep(distances[i], number, at + positions[i]);
                }
            }
        }
    }

    private void Keep(float distance, int list, int position)
    {
        if (_nearestCount == _k && distance >= Limit())
            return;
        TopK nearest = TopK.Resume(_nearest.AsSpan(0, _k), _nearestCount);
        nearest.Push(distance, 0);
        _nearestCount = nearest.Count;
        if (_pendingCount == _pending.Length)
            Array.Resize(ref _pending, 2 * _pending.Length);
        _pending[_pendingCount++] = new Pending(distance, list, position);
    }

    private void ScanPlain(CodeList list, float offset)
    {
        TopK nearest = TopK.Resume(_nearest.AsSpan(0, _k), _nearestCount);
        ReadOnlySpan<float> terms = list.Terms.Span;
        ReadOnlySpan<int> ordinals = list.Ordinals.Span;
        Span<float> sums = stackalloc float[CodeScan.Block];
        for (int at = 0; at < list.Count; at += CodeScan.Block)
        {
            int count = Math.Min(CodeScan.Block, list.Count - at);
            PlainSums(list, at, count, sums);
            for (int i = 0; i < count; i++)
            {
                if (_allowed is null || _allowed.Contains(ordinals[at + i]))
                    nearest.Push(Score(offset, terms[at + i], sums[i]), ordinals[at + i]);
            }
        }

        _nearestCount = nearest.Count;
    }

    private void PlainSums(CodeList list, int at, int count, Span<float> sums)
    {
        float* table = _tables!.Pointer + _table;
        if (list.IsBlocked)
        {
            (int start, int stride) = list.Locate(at);
            fixed (byte* codes = list.Codes.Span)
            fixed (float* target = sums)
                CodeScan.TableSums(table, codes + start, count, stride, _parts, target);
            return;
        }

        if (_numbers.Length < _parts)
            _numbers = new ushort[_parts];
        Span<ushort> numbers = _numbers.AsSpan(0, _parts);
        int entries = 1 << list.Bits;
        for (int i = 0; i < count; i++)
        {
            list.Get(at + i, numbers);
            float sum = 0;
            for (int m = 0; m < numbers.Length; m++)
                sum += table[(long)m * entries + numbers[m]];
            sums[i] = sum;
        }
    }

    private readonly record struct Pending(float Distance, int List, int Position);
}
