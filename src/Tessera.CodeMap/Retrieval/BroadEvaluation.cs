namespace Tessera.CodeMap.Retrieval;

/// <summary>Measures by questions that people wrote, such as "where is routing", whether a mode leads to the right folder: the global mode by the folders that it answers with, the others by those of their entities.</summary>
public static class BroadEvaluation
{
    /// <summary>Folders that count.</summary>
    public const int Depth = 3;

    // Answers that are looked at for these: several may lie in one folder.
    private const int Answers = 10;

    /// <summary>Asks the questions in some modes.</summary>
    /// <param name="map">The map.</param>
    /// <param name="modes">Modes that answer with clusters or entities.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="cancellationToken">Stops between questions.</param>
    public static IReadOnlyList<BroadScore> Run(CodeMapSnapshot map, IReadOnlyList<RetrievalMode> modes, IReadOnlyList<BroadQuestion> questions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentNullException.ThrowIfNull(questions);
        var scores = new List<BroadScore>();
        foreach (RetrievalMode mode in modes)
        {
            int first = 0, found = 0;
            double reciprocal = 0;
            foreach (BroadQuestion question in questions)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string[] folders = Folders(map.Retrieve(question.Question, new RetrievalOptions { Mode = mode, Limit = Answers }));
                int rank = Array.FindIndex(folders, folder => question.Folders.Any(right => folder == right || folder.StartsWith(right + '/', StringComparison.Ordinal))) + 1;
                first += rank == 1 ? 1 : 0;
                found += rank > 0 ? 1 : 0;
                reciprocal += rank > 0 ? 1.0 / rank : 0;
            }

            scores.Add(new BroadScore(mode, questions.Count, first, found, questions.Count == 0 ? 0 : reciprocal / questions.Count));
        }

        return scores;
    }

    private static string[] Folders(RetrievalResult result)
    {
        IEnumerable<string> folders = result.Mode == RetrievalMode.Global
            ? result.Folders.Select(answer => answer.Path)
            : result.Entities.Select(answer => answer.Entity.Folder);
        return [.. folders.Distinct().Take(Depth)];
    }
}
