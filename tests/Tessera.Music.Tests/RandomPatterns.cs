using Tessera.Music.Packs;

namespace Tessera.Music.Tests;

/// <summary>Bars of drums in two parents with a child each, in which every genre has habits of its own.</summary>
internal static class RandomPatterns
{
    private static readonly (string Parent, string? Child)[] Genres = [("jazz", null), ("jazz", "swing"), ("rock", null), ("rock", "punk")];

    public static StylePattern[] Make(int count, int barsOfPiece = 8) => [.. Enumerable.Range(0, count).Select(i => Bar(i, i / barsOfPiece % 4, i / barsOfPiece, i % barsOfPiece))];

    private static StylePattern Bar(int seed, int genre, int piece, int bar)
    {
        var random = new Random(seed);
        var (parent, child) = Genres[genre];
        var tokens = new List<string> { $"STYLE={parent}", "TEMPO=120", "METER=4/4", "GRID=12", "PROGRAM=DRUMS", "BAR" };
        // A piece has a groove that its bars share.
        var groove = new Random(piece);
        for (int position = 1; position <= 48; position += 6)
        {
            bool isGroove = groove.Next(3) > 0;
            if (!isGroove && random.Next(4) > 0)
                continue;
            tokens.AddRange([$"POS={position}", "NOTE_ON", (36 + genre * 4 + random.Next(3)).ToString(System.Globalization.CultureInfo.InvariantCulture), $"VEL={60 + 5 * random.Next(10)}", "DUR=1"]);
        }

        return new StylePattern(tokens, parent, child, $"{parent}/{piece}.json", bar);
    }
}
