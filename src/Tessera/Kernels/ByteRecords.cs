using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tessera.Kernels;

/// <summary>
/// Vectors of one byte a dimension, each on its own grid: number j is <c>Low + Step * code[j]</c>. A record is the codes and
/// then, in its last 16 bytes, Low, Step, the sum of the codes, and the term of the distance that belongs to the vector
/// alone; records are whole cache lines. A query is signed bytes on a grid of its own, zero beyond the dimension, so that a
/// product of whole records needs no mask and takes nothing from what lies behind the codes.
/// </summary>
internal sealed unsafe class ByteRecords(int dimension, bool withNorm)
{
    private const int Line = 64;
    private const int Footer = 16;
    private const int Steps = 255;

    /// <summary>A signed code is the unsigned one less this.</summary>
    private const int Zero = 128;

    public int Dimension => dimension;

    /// <summary>Bytes of a record.</summary>
    public int Size { get; } = (dimension + Footer + Line - 1) / Line * Line;

    /// <summary>Codes a vector.</summary>
    public void Encode(ReadOnlySpan<float> vector, Span<byte> record)
    {
        (float low, float step) = Grid(vector);
        float factor = 1 / step;
        int sum = 0;
        record.Clear();
        for (int j = 0; j < vector.Length; j++)
        {
            byte code = (byte)Math.Clamp((int)MathF.Round((vector[j] - low) * factor), 0, Steps);
            record[j] = code;
            sum += code;
        }

        fixed (byte* target = record)
        {
            float* footer = (float*)(target + Size - Footer);
            footer[0] = low;
            footer[1] = step;
            footer[2] = sum;
            footer[3] = withNorm ? Distance.Dot(vector, vector) : 0;
        }
    }

    /// <summary>Makes a query of a vector.</summary>
    public void Prepare(ReadOnlySpan<float> vector, ByteQuery query)
    {
        (float low, float step) = Grid(vector);
        float factor = 1 / step;
        Span<sbyte> codes = query.Codes;
        codes.Clear();
        int sum = 0;
        for (int j = 0; j < vector.Length; j++)
        {
            int code = Math.Clamp((int)MathF.Round((vector[j] - low) * factor), 0, Steps) - Zero;
            codes[j] = (sbyte)code;
            sum += code;
        }

        query.Set(low + Zero * step, step, sum, dimension, withNorm ? Distance.Dot(vector, vector) : 0);
    }

    /// <summary>Makes a query of a record.</summary>
    private void Prepare(byte* record, ByteQuery query)
    {
        sbyte* codes = query.Pointer;
        int j = 0;
        for (; j + Vector256<byte>.Count <= dimension; j += Vector256<byte>.Count)
            (Vector256.Load(record + j) ^ Vector256.Create((byte)Zero)).AsSByte().Store(codes + j);
        for (; j < dimension; j++)
            codes[j] = (sbyte)(record[j] - Zero);
        new Span<sbyte>(codes + dimension, Size - dimension).Clear();
        float* footer = (float*)(record + Size - Footer);
        query.Set(footer[0] + Zero * footer[1], footer[1], footer[2] - (float)Zero * dimension, dimension, footer[3]);
    }

    /// <summary>Makes a query of a record.</summary>
    public void Prepare(ReadOnlySpan<byte> record, ByteQuery query)
    {
        fixed (byte* start = record[..Size])
            Prepare(start, query);
    }

    /// <summary>The squared distance of a query to a record (minus twice the product without norms).</summary>
    public float Whole(ByteQuery query, ReadOnlySpan<byte> codes, int number)
    {
        fixed (byte* record = codes.Slice(number * Size, Size))
            return Score(query, record) + query.Norm;
    }

    /// <summary>Whether any of some records is nearer to the query than a distance.</summary>
    public bool AnyNearer(ByteQuery query, ReadOnlySpan<byte> codes, ReadOnlySpan<int> numbers, float distance)
    {
        fixed (byte* start = codes)
        {
            foreach (int number in numbers)
            {
                if (Score(query, start + (long)number * Size) + query.Norm < distance)
                    return true;
            }

            return false;
        }
    }

    /// <summary>|x|^2 - 2 x . q for L2, -2 x . q without norms: the distance, short of what the query alone adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Score(ByteQuery query, byte* record) => Score(query, record, Dot(record, query.Pointer, Size));

    /// <summary>The scores of four records, whose loads overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Scores(ByteQuery query, byte* r0, byte* r1, byte* r2, byte* r3, float* scores)
    {
        if (AvxVnni.IsSupported)
        {
            Vector256<int> s0 = default, s1 = default, s2 = default, s3 = default;
            sbyte* q = query.Pointer;
            for (int j = 0; j < Size; j += 32)
            {
                Vector256<sbyte> codes = Vector256.LoadAligned(q + j);
                s0 = AvxVnni.MultiplyWideningAndAdd(s0, Vector256.LoadAligned(r0 + j), codes);
                s1 = AvxVnni.MultiplyWideningAndAdd(s1, Vector256.LoadAligned(r1 + j), codes);
                s2 = AvxVnni.MultiplyWideningAndAdd(s2, Vector256.LoadAligned(r2 + j), codes);
                s3 = AvxVnni.MultiplyWideningAndAdd(s3, Vector256.LoadAligned(r3 + j), codes);
            }

            scores[0] = Score(query, r0, Vector256.Sum(s0));
            scores[1] = Score(query, r1, Vector256.Sum(s1));
            scores[2] = Score(query, r2, Vector256.Sum(s2));
            scores[3] = Score(query, r3, Vector256.Sum(s3));
            return;
        }

        scores[0] = Score(query, r0);
        scores[1] = Score(query, r1);
        scores[2] = Score(query, r2);
        scores[3] = Score(query, r3);
    }

    /// <summary>Asks for the first lines of a record; the hardware fetches on from there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(byte* record)
    {
        if (!Sse.IsSupported)
            return;
        int lines = Math.Min(Size, 8 * Line);
        for (int at = 0; at < lines; at += Line)
            Sse.Prefetch0(record + at);
        Sse.Prefetch0(record + Size - Line);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Score(ByteQuery query, byte* record, int product)
    {
        float* footer = (float*)(record + Size - Footer);
        float dot = footer[0] * query.Total + footer[1] * (query.Low * footer[2] + query.Step * product);
        return footer[3] - 2 * dot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Dot(byte* record, sbyte* query, int size)
    {
        if (AvxVnni.IsSupported)
        {
            Vector256<int> a = default, b = default;
            for (int j = 0; j < size; j += 64)
            {
                a = AvxVnni.MultiplyWideningAndAdd(a, Vector256.LoadAligned(record + j), Vector256.LoadAligned(query + j));
                b = AvxVnni.MultiplyWideningAndAdd(b, Vector256.LoadAligned(record + j + 32), Vector256.LoadAligned(query + j + 32));
            }

            return Vector256.Sum(a + b);
        }

        if (Avx2.IsSupported)
        {
            Vector256<int> sum = default;
            for (int j = 0; j < size; j += 16)
                sum += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(record + j), Avx2.ConvertToVector256Int16(query + j));
            return Vector256.Sum(sum);
        }

        int total = 0;
        for (int j = 0; j < size; j++)
            total += record[j] * query[j];
        return total;
    }

    private static (float Low, float Step) Grid(ReadOnlySpan<float> vector)
    {
        float low = vector[0], high = vector[0];
        foreach (float value in vector)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        float step = (float)(((double)high - low) / Steps);
        return (low, step > 0 && float.IsFinite(1 / step) ? step : 1);
    }
}
