using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Music.Evaluation;

/// <summary>
/// Names the style of a piece by what is played, never by its headers: naive Bayes with even priors over notes at their places,
/// notes struck together, steps from note to note, and loudness. It measures whether generated music keeps a style; it is no expert.
/// </summary>
public sealed class StyleClassifier
{
    private const int Places = 1 << 14;
    private const double Smoothing = 0.1;

    private readonly string[] _styles;
    private readonly double[][] _logShares;

    private StyleClassifier(string[] styles, double[][] logShares)
    {
        _styles = styles;
        _logShares = logShares;
    }

    /// <summary>The styles that it knows, in ordinal order.</summary>
    public IReadOnlyList<string> Styles => _styles;

    /// <summary>Learns styles from pieces.</summary>
    /// <param name="pieces">Pieces and the names of their styles.</param>
    /// <exception cref="ArgumentException">There are fewer than two styles.</exception>
    public static StyleClassifier Train(IEnumerable<(string Style, IReadOnlyList<string> Tokens)> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var counts = new SortedDictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var (style, tokens) in pieces)
        {
            if (!counts.TryGetValue(style, out double[]? own))
                counts.Add(style, own = new double[Places]);
            foreach (int feature in Features(tokens))
                own[feature]++;
        }

        if (counts.Count < 2)
            throw new ArgumentException($"There are {counts.Count} styles; give pieces of at least two.", nameof(pieces));
        return new StyleClassifier([.. counts.Keys], [.. counts.Values.Select(own =>
        {
            double total = own.Sum() + Smoothing * Places;
            return Array.ConvertAll(own, count => Math.Log((count + Smoothing) / total));
        })]);
    }

    /// <summary>The likeliest style of a piece, or null for one without notes.</summary>
    public string? Classify(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var scores = new double[_styles.Length];
        int features = 0;
        foreach (int feature in Features(tokens))
        {
            features++;
            for (int style = 0; style < scores.Length; style++)
                scores[style] += _logShares[style][feature];
        }

        return features == 0 ? null : _styles[Array.IndexOf(scores, scores.Max())];
    }

    private static IEnumerable<int> Features(IReadOnlyList<string> tokens)
    {
        int grid = Tokenizer.PlainGrid, program = 0, position = 0, pitch = -1, placeBefore = 0;
        var together = new List<int>();
        foreach (string text in tokens)
        {
            if (!MusicToken.TryParse(text, out MusicToken token))
                continue;
            switch (token.Kind)
            {
                case TokenKind.Grid:
                    grid = token.Value;
                    break;
                case TokenKind.Program:
                    program = token.Value;
                    break;
                case TokenKind.Bar:
                    placeBefore -= 64;
                    break;
                case TokenKind.Position:
                    position = (token.Value - 1) * 16 / grid;
                    together.Clear();
                    break;
                case TokenKind.Pitch:
                    int before = pitch;
                    pitch = token.Value + (program == Midi.Note.Drums ? 128 : 0);
                    yield return Place(1, pitch, position);
                    if (before >= 0)
                        yield return Place(2, before * 256 + pitch, Math.Min(64, position - placeBefore));
                    foreach (int other in together)
                        yield return Place(3, other * 256 + pitch, 0);
                    together.Add(pitch);
                    placeBefore = position;
                    break;
                case TokenKind.Velocity:
                    yield return Place(4, pitch, token.Value / 16);
                    break;
            }
        }
    }

    private static int Place(int kind, int what, int where) => (int)(StableHash.Add(StableHash.Add((ulong)kind, what), where) % Places);
}
