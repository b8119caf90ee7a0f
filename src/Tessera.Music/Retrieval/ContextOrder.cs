namespace Tessera.Music.Retrieval;

/// <summary>
/// All places of a text in the order of what stands before them, read backwards: a suffix array (Manber and Myers, 1993) of the
/// reversed text. Places with the same context of any length lie side by side, the longer their common context the closer.
/// </summary>
internal static class ContextOrder
{
    /// <summary>Stands between pieces; contexts do not reach across it.</summary>
    public const int Separator = -1;

    /// <summary>Contexts are compared this far back.</summary>
    public const int MaxDepth = 255;

    /// <summary>Sorts the places by prefix doubling, in O(n log n log depth).</summary>
    /// <param name="text">Tokens of 0 and more, each piece behind a <see cref="Separator"/>.</param>
    /// <param name="depth">How far contexts are compared at least.</param>
    /// <returns>All places, in order; what follows a piece is a separator.</returns>
    public static int[] Sort(ReadOnlySpan<int> text, int depth = MaxDepth)
    {
        int n = text.Length;
        var rank = new int[n];
        var next = new int[n];
        var keys = new long[n];
        var order = new int[n];
        // The context of one token; the place at the very start has none.
        for (int i = 1; i < n; i++)
            rank[i] = text[i - 1] + 2;
        for (int length = 1; ; length *= 2)
        {
            for (int i = 0; i < n; i++)
            {
                keys[i] = (long)rank[i] << 32 | (uint)(i >= length ? rank[i - length] : 0);
                order[i] = i;
            }

            Array.Sort(keys, order);
            int groups = 0;
            for (int i = 0; i < n; i++)
            {
                if (i == 0 || keys[i] != keys[i - 1])
                    groups++;
                next[order[i]] = groups;
            }

            (rank, next) = (next, rank);
            if (groups == n || length * 2 >= depth)
                break;
        }

        // Sorting is not stable; equal contexts lie in the order of the text, so that the result depends on the text alone.
        for (int start = 0; start < n;)
        {
            int end = start + 1;
            while (end < n && rank[order[end]] == rank[order[start]])
                end++;
            Array.Sort(order, start, end - start);
            start = end;
        }

        return order;
    }

    /// <summary>How many tokens before two places are the same, without crossing a separator.</summary>
    public static int Common(ReadOnlySpan<int> text, int a, int b, int most = MaxDepth)
    {
        int common = 0;
        while (common < most && a - common > 0 && b - common > 0 && text[a - common - 1] is var token and not Separator && text[b - common - 1] == token)
            common++;
        return common;
    }
}
