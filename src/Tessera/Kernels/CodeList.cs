namespace Tessera.Kernels;

/// <summary>
/// The codes of one inverted list as they were at one moment, with each code's term and ordinal. Codes of numbers that
/// lie in one byte each (of 1, 2, 4 or 8 bits) lie in blocks of 64 (see <see cref="CodeScan"/>), others one after the other. Whoever appends writes behind
/// <see cref="Count"/> only, so a reader of this moment is undisturbed.
/// </summary>
internal sealed class CodeList
{
    /// <summary>What kernels may read past the end, in bytes of codes and in terms.</summary>
    public const int ReadAhead = 64;

    private Memory<byte> _room;
    private Memory<float> _termRoom;
    private Memory<int> _ordinalRoom;

    private CodeList(int parts, int bits) => (Parts, Bits) = (parts, bits);

    /// <summary>Numbers in a code.</summary>
    public int Parts { get; }

    /// <summary>Bits of each number.</summary>
    public int Bits { get; }

    public int Count { get; private init; }

    /// <summary>Distance of the rows of the last block when it is not whole: 64 in memory, as many as there are codes in a file.</summary>
    public int TailStride { get; private init; } = CodeScan.Block;

    public ReadOnlyMemory<byte> Codes { get; private init; }

    /// <summary>What is added to each code's distance.</summary>
    public ReadOnlyMemory<float> Terms { get; private init; }

    public ReadOnlyMemory<int> Ordinals { get; private init; }

    public bool IsBlocked => AreBlocked(Bits);

    public int CodeSize => (Parts * Bits + 7) / 8;

    public long Bytes => Codes.Length + (long)Terms.Length * sizeof(float) + (long)Ordinals.Length * sizeof(int);

    /// <summary>Whether no number of a code lies in two bytes, so that a byte can be looked up as one. The last one may have room left, which is zero.</summary>
    public static bool AreBlocked(int bits) => bits is 1 or 2 or 4 or 8;

    public static CodeList Empty(int parts, int bits) => new(parts, bits);

    /// <summary>A list that lies in a file, its last block cut to the codes that there are; readable <see cref="ReadAhead"/> bytes past the ends.</summary>
    public static CodeList Attach(int parts, int bits, int count, ReadOnlyMemory<byte> codes, ReadOnlyMemory<float> terms, ReadOnlyMemory<int> ordinals) =>
        new(parts, bits) { Count = count, TailStride = count % CodeScan.Block, Codes = codes, Terms = terms, Ordinals = ordinals };

    /// <summary>The list with more codes behind; this one stays as it is.</summary>
    /// <param name="numbers">Parts numbers for each new code.</param>
    /// <param name="terms">One for each.</param>
    /// <param name="ordinals">One for each.</param>
    public CodeList Append(ReadOnlySpan<ushort> numbers, ReadOnlySpan<float> terms, ReadOnlySpan<int> ordinals)
    {
        int total = Count + terms.Length;
        Memory<byte> room = _room;
        Memory<float> termRoom = _termRoom;
        Memory<int> ordinalRoom = _ordinalRoom;
        if (_ordinalRoom.Length < total)
        {
            int capacity = Capacity(total);
            room = AlignedMemory.Allocate<byte>(capacity * CodeSize + ReadAhead);
            termRoom = AlignedMemory.Allocate<float>(capacity);
            ordinalRoom = new int[capacity];
            CopyCodes(room.Span);
            Terms.Span[..Count].CopyTo(termRoom.Span);
            Ordinals.Span[..Count].CopyTo(ordinalRoom.Span);
        }

        for (int i = 0; i < terms.Length; i++)
            Put(room.Span, Count + i, numbers.Slice(i * Parts, Parts));
        terms.CopyTo(termRoom.Span[Count..]);
        ordinals.CopyTo(ordinalRoom.Span[Count..]);
        return new CodeList(Parts, Bits)
        {
            Count = total,
            Codes = room,
            Terms = termRoom,
            Ordinals = ordinalRoom,
            _room = room,
            _termRoom = termRoom,
            _ordinalRoom = ordinalRoom,
        };
    }

    /// <summary>The list without some codes, the others under new ordinals.</summary>
    /// <param name="newOrdinals">By ordinal; -1 for a code that goes.</param>
    public CodeList Keep(ReadOnlySpan<int> newOrdinals) => Empty(Parts, Bits).Append(this, newOrdinals);

    /// <summary>The list with some codes of another behind; both stay as they are.</summary>
    /// <param name="other">Codes of the same parts and bits.</param>
    /// <param name="newOrdinals">By ordinal in the other list; -1 for a code that is left out.</param>
    public CodeList Append(CodeList other, ReadOnlySpan<int> newOrdinals)
    {
        ReadOnlySpan<int> ordinalsOfOther = other.Ordinals.Span[..other.Count];
        int count = 0;
        foreach (int ordinal in ordinalsOfOther)
            count += newOrdinals[ordinal] >= 0 ? 1 : 0;
        if (count == 0)
            return this;
        var numbers = new ushort[(long)count * Parts];
        var terms = new float[count];
        var ordinals = new int[count];
        int kept = 0;
        for (int i = 0; i < ordinalsOfOther.Length; i++)
        {
            int ordinal = newOrdinals[ordinalsOfOther[i]];
            if (ordinal < 0)
                continue;
            other.Get(i, numbers.AsSpan(kept * Parts, Parts));
            terms[kept] = other.Terms.Span[i];
            ordinals[kept++] = ordinal;
        }

        return Append(numbers, terms, ordinals);
    }

    /// <summary>Bytes of the codes as a file holds them, without room to spare.</summary>
    public int CompactBytes => Count * CodeSize;

    /// <summary>Writes the codes as a file holds them.</summary>
    public void CopyCompact(Span<byte> target)
    {
        int whole = IsBlocked ? Count / CodeScan.Block * CodeScan.Block : Count, rest = Count - whole;
        Codes.Span[..(whole * CodeSize)].CopyTo(target);
        for (int m = 0; m < CodeSize && rest > 0; m++)
            Codes.Span.Slice(whole * CodeSize + m * TailStride, rest).CopyTo(target[(whole * CodeSize + m * rest)..]);
    }

    /// <summary>The numbers of one code.</summary>
    public void Get(int position, Span<ushort> numbers)
    {
        ReadOnlySpan<byte> codes = Codes.Span;
        if (!IsBlocked)
        {
            CodePacking.Unpack(codes.Slice(position * CodeSize, CodeSize), Bits, numbers);
            return;
        }

        (int start, int stride) = Locate(position);
        int each = 8 / Bits, mask = (1 << Bits) - 1;
        for (int m = 0; m < Parts; m++)
            numbers[m] = (ushort)(codes[start + m / each * stride] >> (m % each * Bits) & mask);
    }

    /// <summary>Where the first byte of a blocked code is, and how far apart its bytes are.</summary>
    public (int Start, int Stride) Locate(int position)
    {
        int block = position / CodeScan.Block;
        int stride = block == Count / CodeScan.Block ? TailStride : CodeScan.Block;
        return (block * CodeScan.Block * CodeSize + position % CodeScan.Block, stride);
    }

    /// <summary>Whole blocks with a quarter to spare, or less where the codes would not lie in one piece.</summary>
    private int Capacity(int total)
    {
        long most = (Array.MaxLength - 2 * ReadAhead) / CodeSize / CodeScan.Block * CodeScan.Block;
        if (total > most)
            throw new InvalidOperationException($"A list of {total} codes of {CodeSize} bytes is too long to lie in one piece, which ends at {most}; use more lists.");
        long wanted = Math.Max(total, Count + (long)Count / 4);
        return (int)Math.Min(most, (wanted + CodeScan.Block - 1) / CodeScan.Block * CodeScan.Block);
    }

    private void CopyCodes(Span<byte> target)
    {
        if (!IsBlocked || TailStride == CodeScan.Block)
        {
            Codes.Span[..Math.Min(Codes.Length, target.Length)].CopyTo(target);
            return;
        }

        Span<ushort> numbers = new ushort[Parts];
        int whole = Count / CodeScan.Block * CodeScan.Block;
        Codes.Span[..(whole * CodeSize)].CopyTo(target);
        for (int position = whole; position < Count; position++)
        {
            Get(position, numbers);
            Put(target, position, numbers);
        }
    }

    private void Put(Span<byte> room, int position, ReadOnlySpan<ushort> numbers)
    {
        if (!IsBlocked)
        {
            CodePacking.Pack(numbers, Bits, room.Slice(position * CodeSize, CodeSize));
            return;
        }

        int start = position / CodeScan.Block * CodeScan.Block * CodeSize + position % CodeScan.Block;
        int each = 8 / Bits;
        for (int b = 0; b < CodeSize; b++)
        {
            int code = 0;
            for (int m = Math.Min(each, Parts - b * each) - 1; m >= 0; m--)
                code = code << Bits | numbers[b * each + m];
            room[start + b * CodeScan.Block] = (byte)code;
        }
    }
}
