namespace Tessera.Music.Tokens;

/// <summary>Names the chord that a bar's notes make, by how long each pitch class sounds.</summary>
internal static class ChordFinder
{
    private static readonly string[] Roots = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

    private static readonly (string Suffix, int[] Intervals)[] Shapes =
    [
        ("", [0, 4, 7]),
        ("m", [0, 3, 7]),
        ("7", [0, 4, 7, 10]),
        ("maj7", [0, 4, 7, 11]),
        ("m7", [0, 3, 7, 10]),
        ("dim", [0, 3, 6]),
        ("aug", [0, 4, 8]),
    ];

    /// <summary>The best name for twelve durations, or null where fewer than two pitch classes sound.</summary>
    public static string? Find(ReadOnlySpan<double> sounding)
    {
        double total = 0;
        int distinct = 0;
        foreach (double duration in sounding)
        {
            total += duration;
            distinct += duration > 0 ? 1 : 0;
        }

        if (distinct < 2)
            return null;
        string? best = null;
        double bestScore = double.NegativeInfinity;
        for (int root = 0; root < 12; root++)
        {
            foreach (var (suffix, intervals) in Shapes)
            {
                // What sounds outside the chord speaks against it, what is missing from it too, and the root says which of two chords it is.
                double inside = 0;
                int missing = 0;
                foreach (int interval in intervals)
                {
                    double duration = sounding[(root + interval) % 12];
                    inside += duration;
                    missing += duration > 0 ? 0 : 1;
                }

                double score = 2 * inside / total - 0.3 * missing + 0.2 * sounding[root] / total;
                if (score > bestScore)
                    (best, bestScore) = (Roots[root] + suffix, score);
            }
        }

        return best;
    }
}
