using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>The operations that a kernel needs of one register width; a kernel is written once over this and compiled for each.</summary>
/// <typeparam name="T">The register: a 512, 256 or 128-bit vector of floats, or one float.</typeparam>
internal unsafe interface IVectorOps<T>
    where T : unmanaged
{
    /// <summary>Floats in the register.</summary>
    static abstract int Width { get; }

    static abstract T Load(float* source);

    static abstract void Store(T value, float* target);

    static abstract T Create(float value);

    /// <summary>A row number in every lane, as raw bits.</summary>
    static abstract T CreateIndex(int value);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    /// <summary>a * b + c, fused where the machine can.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Min(T a, T b);

    static abstract T Max(T a, T b);

    /// <summary>All bits set in the lanes where a is below b.</summary>
    static abstract T LessThan(T a, T b);

    /// <summary>Lanes of a where the mask is set, of b elsewhere.</summary>
    static abstract T Select(T mask, T a, T b);

    /// <summary>One bit for each lane whose mask is set, lane 0 lowest.</summary>
    static abstract uint Bits(T mask);

    /// <summary>A mask of the last lanes.</summary>
    static abstract T LastLanes(int count);

    /// <summary>Zero in the lanes whose mask is not set.</summary>
    static abstract T And(T a, T mask);

    /// <summary>The sums over the lanes of four registers, side by side.</summary>
    static abstract Vector128<float> Sums(T a, T b, T c, T d);

    /// <summary>The sum over the lanes.</summary>
    static abstract float Sum(T value);

    /// <summary>Bytes as numbers from 0 to 255.</summary>
    static abstract T LoadBytes(byte* source);

    /// <summary>Finite numbers of 16 bits, IEEE binary16.</summary>
    static abstract T LoadHalves(ushort* source);

    /// <summary>Numbers of 16 bits that are the upper half of a float: bfloat16.</summary>
    static abstract T LoadBFloats(ushort* source);

    /// <summary>Numbers from 0 to 255 as bytes, to the nearest, ties to even.</summary>
    static abstract void StoreBytes(T value, byte* target);

    /// <summary>Numbers of at most 65504 in size as binary16, to the nearest, ties to even.</summary>
    static abstract void StoreHalves(T value, ushort* target);

    /// <summary>Finite numbers as bfloat16, to the nearest, ties to even.</summary>
    static abstract void StoreBFloats(T value, ushort* target);
}
