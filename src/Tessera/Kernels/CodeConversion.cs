using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// Turns vectors into short codes, number by number, and back. On a grid a code c stands for <c>low + step * c</c>, and a
/// number beyond the grid becomes its end; a format without a grid takes no lows and steps.
/// </summary>
internal static unsafe class CodeConversion
{
    private const float LastStep = 255;

    /// <param name="vector">Numbers, of which the format has each to within its rounding.</param>
    /// <param name="lows">The lowest value of each dimension; empty without a grid.</param>
    /// <param name="factors">One over the step of each dimension, 0 where that has one value only; empty without a grid.</param>
    /// <param name="code">Receives as many numbers of the format.</param>
    public static void Encode<TFormat>(ReadOnlySpan<float> vector, ReadOnlySpan<float> lows, ReadOnlySpan<float> factors, Span<byte> code)
        where TFormat : struct, ICodeFormat
    {
        Check<TFormat>(vector.Length, lows, factors, code.Length);
        fixed (float* source = vector, low = lows, factor = factors)
        fixed (byte* target = code)
        {
            if (Vector512.IsHardwareAccelerated)
                Encode<TFormat, Ops512, Vector512<float>>(source, low, factor, target, vector.Length);
            else if (Vector256.IsHardwareAccelerated)
                Encode<TFormat, Ops256, Vector256<float>>(source, low, factor, target, vector.Length);
            else if (Vector128.IsHardwareAccelerated)
                Encode<TFormat, Ops128, Vector128<float>>(source, low, factor, target, vector.Length);
            else
                Encode<TFormat, OpsScalar, float>(source, low, factor, target, vector.Length);
        }
    }

    /// <param name="code">Numbers of the format.</param>
    /// <param name="lows">The lowest value of each dimension; empty without a grid.</param>
    /// <param name="steps">The step of each dimension; empty without a grid.</param>
    /// <param name="vector">Receives what they stand for.</param>
    public static void Decode<TFormat>(ReadOnlySpan<byte> code, ReadOnlySpan<float> lows, ReadOnlySpan<float> steps, Span<float> vector)
        where TFormat : struct, ICodeFormat
    {
        Check<TFormat>(vector.Length, lows, steps, code.Length);
        fixed (float* target = vector, low = lows, step = steps)
        fixed (byte* source = code)
        {
            if (Vector512.IsHardwareAccelerated)
                Decode<TFormat, Ops512, Vector512<float>>(source, low, step, target, vector.Length);
            else if (Vector256.IsHardwareAccelerated)
                Decode<TFormat, Ops256, Vector256<float>>(source, low, step, target, vector.Length);
            else if (Vector128.IsHardwareAccelerated)
                Decode<TFormat, Ops128, Vector128<float>>(source, low, step, target, vector.Length);
            else
                Decode<TFormat, OpsScalar, float>(source, low, step, target, vector.Length);
        }
    }

    internal static void Encode<TFormat, TOps, T>(float* vector, float* lows, float* factors, byte* code, int length)
        where TFormat : struct, ICodeFormat
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        int i = 0;
        for (; i + TOps.Width <= length; i += TOps.Width)
            EncodeOne<TFormat, TOps, T>(vector, lows, factors, code, i);
        if (i < length && length >= TOps.Width)
        {
            // The last register codes some numbers again, to the same.
            EncodeOne<TFormat, TOps, T>(vector, lows, factors, code, length - TOps.Width);
            return;
        }

        for (; i < length; i++)
            EncodeOne<TFormat, OpsScalar, float>(vector, lows, factors, code, i);
    }

    internal static void Decode<TFormat, TOps, T>(byte* code, float* lows, float* steps, float* vector, int length)
        where TFormat : struct, ICodeFormat
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        int i = 0;
        for (; i + TOps.Width <= length; i += TOps.Width)
            DecodeOne<TFormat, TOps, T>(code, lows, steps, vector, i);
        if (i < length && length >= TOps.Width)
        {
            DecodeOne<TFormat, TOps, T>(code, lows, steps, vector, length - TOps.Width);
            return;
        }

        for (; i < length; i++)
            DecodeOne<TFormat, OpsScalar, float>(code, lows, steps, vector, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeOne<TFormat, TOps, T>(float* vector, float* lows, float* factors, byte* code, int i)
        where TFormat : struct, ICodeFormat
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        T value = TOps.Load(vector + i);
        if (TFormat.OnGrid)
        {
            value = TOps.MultiplyAdd(TOps.Subtract(value, TOps.Load(lows + i)), TOps.Load(factors + i), TOps.Create(0));
            value = TOps.Min(TOps.Max(value, TOps.Create(0)), TOps.Create(LastStep));
        }

        TFormat.Store<TOps, T>(value, code + i * TFormat.Size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecodeOne<TFormat, TOps, T>(byte* code, float* lows, float* steps, float* vector, int i)
        where TFormat : struct, ICodeFormat
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        T value = TFormat.Load<TOps, T>(code + i * TFormat.Size);
        TOps.Store(TFormat.OnGrid ? TOps.MultiplyAdd(value, TOps.Load(steps + i), TOps.Load(lows + i)) : value, vector + i);
    }

    private static void Check<TFormat>(int length, ReadOnlySpan<float> lows, ReadOnlySpan<float> steps, int bytes)
        where TFormat : struct, ICodeFormat
    {
        int grid = TFormat.OnGrid ? length : 0;
        if (lows.Length != grid || steps.Length != grid || bytes != length * TFormat.Size)
            throw new ArgumentException($"{length} numbers take {grid} lows and steps and {length * TFormat.Size} bytes, not {lows.Length}, {steps.Length} and {bytes}.");
    }
}
