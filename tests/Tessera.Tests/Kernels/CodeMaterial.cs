using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

/// <summary>Random codes, terms and ordinals, and the lists that are made of them in both ways: in memory, and cut to their length as in a file.</summary>
internal sealed class CodeMaterial
{
    /// <summary>Counts around the blocks of 64 and the groups of 256 that the kernels take.</summary>
    public static readonly int[] Counts = [0, 1, 2, 15, 16, 17, 31, 63, 64, 65, 127, 128, 129, 191, 192, 193, 255, 256, 257, 319, 320, 321, 511, 512, 513, 600];

    public CodeMaterial(int parts, int bits, int count, ulong seed)
    {
        var random = new SeededRandom(seed, 3);
        (Parts, Bits) = (parts, bits);
        Numbers = new ushort[parts * count];
        for (int i = 0; i < Numbers.Length; i++)
            Numbers[i] = (ushort)random.Next(1 << bits);
        Terms = TestVectors.Normals(count, seed);
        Ordinals = new int[count];
        for (int i = 0; i < count; i++)
            Ordinals[i] = i == 0 ? random.Next(5) : Ordinals[i - 1] + 1 + random.Next(5);
    }

    public int Parts { get; }

    public int Bits { get; }

    public int Count => Terms.Length;

    public ushort[] Numbers { get; }

    public float[] Terms { get; }

    public int[] Ordinals { get; }

    public ReadOnlySpan<ushort> Code(int position) => Numbers.AsSpan(position * Parts, Parts);

    /// <summary>The codes from one position to another, behind those of a list.</summary>
    public CodeList AppendTo(CodeList list, int from, int to) =>
        list.Append(Numbers.AsSpan((from * Parts)..(to * Parts)), Terms.AsSpan(from..to), Ordinals.AsSpan(from..to));

    public CodeList InMemory() => AppendTo(CodeList.Empty(Parts, Bits), 0, Count);

    /// <summary>The list as a file holds it: no room to spare but what kernels may read past the end.</summary>
    public CodeList AsInFile()
    {
        CodeList list = InMemory();
        Memory<byte> codes = AlignedMemory.Allocate<byte>(list.CompactBytes + CodeList.ReadAhead);
        Memory<float> terms = AlignedMemory.Allocate<float>(Count + CodeList.ReadAhead / sizeof(float));
        // What lies behind the end in a file belongs to the next list.
        codes.Span.Fill(0xEE);
        terms.Span.Fill(float.NaN);
        list.CopyCompact(codes.Span);
        Terms.CopyTo(terms);
        return CodeList.Attach(Parts, Bits, Count, codes[..list.CompactBytes], terms[..Count], Ordinals);
    }
}
