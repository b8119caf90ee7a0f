using System.Globalization;
using Tessera.Music.Packs;

namespace Tessera.Benchmarks.Music;

/// <summary>Bars of drums in pieces of sixteen, each with a groove of its own that its bars vary; a fifth of them are a child's.</summary>
internal static class GeneratedBars
{
    private const int BarsOfPiece = 16;

    private static readonly int[] Kit = [36, 38, 42, 44, 46, 48, 51];

    public static StylePattern[] Make(int count, int seed)
    {
        var patterns = new StylePattern[count];
        for (int i = 0; i < count; i++)
        {
            int piece = i / BarsOfPiece;
            bool isChild = piece % 5 == 4;
            patterns[i] = new StylePattern(Bar(new Random(seed + 7919 * piece), new Random(seed + 104729 * i)), "rock", isChild ? "punk" : null, $"{seed}-{piece}", i % BarsOfPiece);
        }

        return patterns;
    }

    private static List<string> Bar(Random groove, Random own)
    {
        var tokens = new List<string> { "STYLE=rock", Text("TEMPO=", 80 + 2 * groove.Next(50)), "METER=4/4", "GRID=12", "PROGRAM=DRUMS", "BAR" };
        for (int position = 1; position <= 48; position += 3)
        {
            bool isStruck = groove.Next(2) == 0;
            int drum = Kit[groove.Next(Kit.Length)];
            if (own.Next(10) == 0)
                (isStruck, drum) = (!isStruck, Kit[own.Next(Kit.Length)]);
            if (isStruck)
                tokens.AddRange([Text("POS=", position), "NOTE_ON", drum.ToString(CultureInfo.InvariantCulture), Text("VEL=", 5 * own.Next(8, 26)), Text("DUR=", own.Next(1, 4))]);
        }

        return tokens;
    }

    private static string Text(string key, int value) => string.Create(CultureInfo.InvariantCulture, $"{key}{value}");
}
