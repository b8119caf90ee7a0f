namespace Tessera.Attention.Scoring;

/// <summary>
/// Sorts what may be opened into bins of like priority, so that a budget finds its threshold in one pass without sorting: an
/// eighth of a power of two to a bin.
/// </summary>
internal sealed class PriorityBins
{
    private const int Shift = 20;

    private readonly int[] _keys = new int[1 << (31 - Shift)];
    private readonly double[] _mass = new double[1 << (31 - Shift)];

    public void Clear()
    {
        _keys.AsSpan().Clear();
        _mass.AsSpan().Clear();
    }

    public void Add(float priority, int keys, double mass)
    {
        int bin = Bin(priority);
        _keys[bin] += keys;
        _mass[bin] += mass;
    }

    /// <summary>The bin of a priority of 0 or more.</summary>
    public static int Bin(float priority) => BitConverter.SingleToInt32Bits(priority) >> Shift;

    /// <summary>
    /// The lowest bin that is still to be opened: going down, opening stops when the mass left is no more than
    /// <paramref name="massLeft"/>, or when the next bin has more keys than are left.
    /// </summary>
    /// <param name="keysLeft">The budget; what is left of it for the bin below the one returned comes out.</param>
    /// <param name="massLeft">Mass that may stay closed.</param>
    public int Threshold(ref int keysLeft, double massLeft)
    {
        double rest = 0;
        foreach (double mass in _mass)
            rest += mass;
        int bin = _keys.Length;
        while (bin > 0 && rest > massLeft && _keys[bin - 1] <= keysLeft)
        {
            bin--;
            rest -= _mass[bin];
            keysLeft -= _keys[bin];
        }

        if (rest <= massLeft)
            keysLeft = 0;
        return bin;
    }
}
