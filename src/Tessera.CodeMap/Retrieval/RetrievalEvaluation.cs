using System.Security.Cryptography;
using System.Text;
using Tessera.CodeMap.Entities;
using Tessera.Vectors;

namespace Tessera.CodeMap.Retrieval;

/// <summary>
/// Measures retrieval by what developers have written themselves: the first sentence of the comment above a method or type is
/// the question, and the method or type the answer that must be found. The map must have been built with
/// <see cref="CodeMapOptions.ReadDocumentation"/> off, or it would only find its own words again.
/// </summary>
public static class RetrievalEvaluation
{
    /// <summary>Answers that count.</summary>
    public const int Depth = 10;

    // Shorter sentences say nothing that tells one entity from others: "Gets the value."
    private const int LeastWords = 5;

    /// <summary>Asks the questions in some modes.</summary>
    /// <param name="map">A map built without documentation.</param>
    /// <param name="modes">Modes that answer with entities: hybrid, local, words or global.</param>
    /// <param name="questions">Questions at most, at least 1; of more a sample is drawn.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="half">Which of the sample are asked (default all).</param>
    /// <param name="progress">Told how many questions were asked.</param>
    /// <param name="cancellationToken">Stops between questions.</param>
    /// <returns>One row for each mode, over the same questions.</returns>
    public static IReadOnlyList<RetrievalScore> Run(CodeMapSnapshot map, IReadOnlyList<RetrievalMode> modes, int questions, ulong seed = 42, EvaluationHalf half = EvaluationHalf.All, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentOutOfRangeException.ThrowIfLessThan(questions, 1);
        List<(string Question, CodeEntity Entity)> asked = [.. Sample(map, questions, seed).Where(each => half == EvaluationHalf.All || HalfOf(each.Item2) == half)];
        var scores = new List<RetrievalScore>();
        foreach (RetrievalMode mode in modes)
        {
            int hits = 0, done = 0;
            double reciprocal = 0;
            foreach ((string question, CodeEntity entity) in asked)
            {
                cancellationToken.ThrowIfCancellationRequested();
                IReadOnlyList<CodeAnswer> answers = map.Retrieve(question, new RetrievalOptions { Mode = mode, Limit = Depth }).Entities;
                int rank = 1;
                while (rank <= answers.Count && answers[rank - 1].Entity != entity)
                    rank++;
                if (rank <= answers.Count)
                {
                    hits++;
                    reciprocal += 1.0 / rank;
                }

                progress?.Report(new CodeMapProgress($"asking, {mode}", ++done, asked.Count));
            }

            scores.Add(new RetrievalScore(mode, asked.Count, asked.Count == 0 ? 0 : (double)hits / asked.Count, asked.Count == 0 ? 0 : reciprocal / asked.Count));
        }

        return scores;
    }

    private static List<(string, CodeEntity)> Sample(CodeMapSnapshot map, int questions, ulong seed)
    {
        var all = new List<(string, CodeEntity)>();
        foreach (CodeEntity entity in map.Entities)
        {
            string sentence = FirstSentence(entity.Documentation);
            if (!entity.IsTest && sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= LeastWords)
                all.Add((sentence, entity));
        }

        if (all.Count <= questions)
            return all;
        return [.. new SeededRandom(seed, 0).Sample(questions, all.Count).Select(number => all[number])];
    }

    private static EvaluationHalf HalfOf(CodeEntity entity) =>
        (SHA256.HashData(Encoding.UTF8.GetBytes(entity.Id))[0] & 1) == 0 ? EvaluationHalf.Tuning : EvaluationHalf.HeldOut;

    internal static string FirstSentence(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        int end = line.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? line : line[..end];
    }
}
