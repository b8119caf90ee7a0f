using Tessera.Music.Tokens;

namespace Tessera.Music.Retrieval;

/// <summary>
/// What music is made of, each in a part of the vector of its own: headers, notes at their places in the bar, steps from note to
/// note, rhythm, and which pitch classes or drums sound how loud. Places in the bar are counted in sixteenths of a quarter whatever the grid,
/// so that patterns of different grids meet. Needs no training.
/// </summary>
public sealed class ProfileEmbedder : IPatternEmbedder
{
    // Eighths of the vector, and how much each part weighs, for header, notes, steps, rhythm, colour.
    private static readonly int[] Eighths = [1, 3, 2, 1, 1];
    private static readonly float[] Weights = [0.35f, 1f, 0.7f, 0.6f, 0.6f];

    private readonly int[] _starts = new int[6];

    /// <summary>Makes an embedder.</summary>
    /// <param name="dimension">Numbers in each vector, at least 64 (default 512).</param>
    public ProfileEmbedder(int dimension = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 64);
        Dimension = dimension;
        for (int part = 0; part < Eighths.Length; part++)
            _starts[part + 1] = part + 1 == Eighths.Length ? dimension : _starts[part] + dimension / 8 * Eighths[part];
    }

    private enum Part
    {
        Header,
        Notes,
        Steps,
        Rhythm,
        Colour,
    }

    /// <inheritdoc/>
    public string Name => "profile";

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Embed(ReadOnlySpan<string> tokens, Span<float> vector)
    {
        EmbedderChecks.RequireRoom(vector, Dimension);
        vector.Clear();
        int grid = Tokenizer.PlainGrid, program = 0, position = 0, pitch = 0, before = -1, placeBefore = 0;
        ulong foreign = 0;
        foreach (string text in tokens)
        {
            if (!MusicToken.TryParse(text, out MusicToken token))
                continue;
            switch (token.Kind)
            {
                case TokenKind.Style or TokenKind.Key or TokenKind.Section or TokenKind.Chord:
                    Add(vector, Part.Header, StableHash.Of(text));
                    break;
                case TokenKind.Tempo:
                    // Tempos within a twelfth or so of each other are one.
                    Add(vector, Part.Header, StableHash.Add(1, (int)Math.Round(8 * Math.Log2(token.Value))));
                    break;
                case TokenKind.Grid:
                    grid = token.Value;
                    break;
                case TokenKind.Program:
                    program = token.Value;
                    break;
                case TokenKind.Bar:
                    position = 0;
                    placeBefore -= 64;
                    break;
                case TokenKind.Position:
                    position = (token.Value - 1) * 16 / grid;
                    Add(vector, Part.Rhythm, StableHash.Add(2, position));
                    break;
                case TokenKind.Pitch:
                    pitch = token.Value;
                    bool isDrum = program == Midi.Note.Drums;
                    Add(vector, Part.Notes, StableHash.Add(StableHash.Add(3, isDrum ? pitch : pitch % 12), position / 2));
                    int step = isDrum ? before * 128 + pitch : pitch - before;
                    Add(vector, Part.Steps, StableHash.Add(StableHash.Add(4, step), Math.Min(64, (position - placeBefore) / 2)));
                    Add(vector, Part.Colour, StableHash.Add(5, isDrum ? pitch + 128 : pitch % 12));
                    (before, placeBefore) = (pitch, position);
                    break;
                case TokenKind.Velocity:
                    Add(vector, Part.Colour, StableHash.Add(StableHash.Add(6, program == Midi.Note.Drums ? pitch : 0), token.Value / 32));
                    break;
                case TokenKind.Other:
                    // Words of other vocabularies count alone and in pairs.
                    ulong hash = StableHash.Of(text);
                    Add(vector, Part.Notes, hash);
                    Add(vector, Part.Steps, StableHash.Add(hash ^ foreign, 7));
                    foreign = hash;
                    break;
            }
        }

        for (int part = 0; part < Eighths.Length; part++)
        {
            Span<float> range = vector[_starts[part].._starts[part + 1]];
            // A note that is struck ten times says more than once, but not ten times more.
            for (int i = 0; i < range.Length; i++)
                range[i] = MathF.CopySign(MathF.Sqrt(MathF.Abs(range[i])), range[i]);
            Vectors.Normalise(range, Weights[part]);
        }

        Vectors.Normalise(vector);
    }

    private void Add(Span<float> vector, Part part, ulong hash)
    {
        int start = _starts[(int)part], length = _starts[(int)part + 1] - start;
        int place = start + (int)((hash >> 32) * (ulong)length >> 32);
        vector[place] += (hash & 1) == 0 ? 1 : -1;
    }
}
