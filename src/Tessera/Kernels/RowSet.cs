using System.Numerics;

namespace Tessera.Kernels;

/// <summary>Some of the rows of an index, a bit each; never changes.</summary>
internal sealed class RowSet
{
    private readonly ulong[] _words;
    private int[]? _members;

    /// <param name="words">Bit i % 64 of word i / 64 says whether row i belongs; taken over, and too few words stand for none.</param>
    /// <param name="rows">Rows that there are.</param>
    public RowSet(ulong[] words, int rows)
    {
        Rows = rows;
        _words = words.Length == WordsFor(rows) ? words : [.. words, .. new ulong[WordsFor(rows) - words.Length]];
        if (rows % 64 != 0)
            _words[^1] &= (1UL << rows % 64) - 1;
        foreach (ulong word in _words)
            Count += BitOperations.PopCount(word);
    }

    /// <summary>All rows.</summary>
    public static RowSet All(int rows)
    {
        var words = new ulong[WordsFor(rows)];
        Array.Fill(words, ulong.MaxValue);
        return new RowSet(words, rows);
    }

    /// <summary>Rows that there are.</summary>
    public int Rows { get; }

    /// <summary>Rows that belong.</summary>
    public int Count { get; }

    /// <summary>The part of all rows that belongs, 0 to 1.</summary>
    public double Share => Rows == 0 ? 0 : (double)Count / Rows;

    public ReadOnlySpan<ulong> Words => _words;

    public long Bytes => (long)_words.Length * sizeof(ulong);

    /// <summary>The rows that belong, in order.</summary>
    public ReadOnlySpan<int> Members => _members ??= ListMembers();

    public static int WordsFor(int rows) => (int)(((long)rows + 63) / 64);

    /// <summary>Whether a row belongs; none beyond <see cref="Rows"/> does.</summary>
    public bool Contains(int row) => (uint)row < (uint)Rows && (_words[row >> 6] >> row & 1) != 0;

    /// <summary>Overwrites the numbers of rows that do not belong.</summary>
    /// <param name="first">The row of the first number.</param>
    /// <param name="numbers">One for each row from there on.</param>
    /// <param name="with">NaN for distances, which no heap takes, or infinity for what distances are added to.</param>
    public void Mask(int first, Span<float> numbers, float with)
    {
        for (int i = 0; i < numbers.Length;)
        {
            int row = first + i;
            ulong absent = ~_words[row >> 6] >> row;
            int count = Math.Min(64 - (row & 63), numbers.Length - i);
            for (; absent != 0; absent &= absent - 1)
            {
                int at = BitOperations.TrailingZeroCount(absent);
                if (at >= count)
                    break;
                numbers[i + at] = with;
            }

            i += count;
        }
    }

    /// <summary>Overwrites the numbers of rows that do not belong.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="numbers">One for each.</param>
    /// <param name="with">What takes their place.</param>
    public void Mask(ReadOnlySpan<int> rows, Span<float> numbers, float with)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (!Contains(rows[i]))
                numbers[i] = with;
        }
    }

    /// <summary>The number that each row gets when only those that belong are counted; -1 for the others.</summary>
    /// <param name="first">The number of the first.</param>
    public int[] Ranks(int first = 0)
    {
        var ranks = new int[Rows];
        Array.Fill(ranks, -1);
        for (int i = 0; i < Count; i++)
            ranks[Members[i]] = first + i;
        return ranks;
    }

    /// <summary>The number of each row that belongs; -1 for the others.</summary>
    public int[] Numbers()
    {
        var numbers = new int[Rows];
        Array.Fill(numbers, -1);
        foreach (int member in Members)
            numbers[member] = member;
        return numbers;
    }

    private int[] ListMembers()
    {
        var members = new int[Count];
        int found = 0;
        for (int word = 0; word < _words.Length; word++)
        {
            for (ulong rest = _words[word]; rest != 0; rest &= rest - 1)
                members[found++] = word * 64 + BitOperations.TrailingZeroCount(rest);
        }

        return members;
    }
}
