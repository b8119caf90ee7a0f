using Tessera.CodeMap.Retrieval;

namespace Tessera.CodeMap.Tests.Retrieval;

/// <summary>Retrieval on real code with real questions: the engine's own, asked for by its own comments.</summary>
public class RetrievalEvaluationTests
{
    [Fact]
    public void Hybrid_finds_most_of_the_engine_by_its_comments_and_more_than_words_or_vectors_alone()
    {
        using CodeMapSnapshot map = CodeMapBuilder.Build(
            Path.Combine(Repository(), "src", "Tessera"), new CodeMapOptions { ReadDocumentation = false }, cancellationToken: TestContext.Current.CancellationToken);

        IReadOnlyList<RetrievalScore> scores = RetrievalEvaluation.Run(
            map, [RetrievalMode.Hybrid, RetrievalMode.Words, RetrievalMode.Local], 500, cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(scores, score => Assert.Equal(500, score.Questions));
        Assert.True(scores[0].Recall >= 0.44, $"{scores[0]}");
        Assert.True(scores[0].MeanReciprocalRank >= Math.Max(scores[1].MeanReciprocalRank, scores[2].MeanReciprocalRank) - 0.01, string.Join("; ", scores));
        Assert.True(scores[0].Recall >= Math.Max(scores[1].Recall, scores[2].Recall) - 0.01, string.Join("; ", scores));
    }

    [Fact]
    public void The_halves_share_no_question_and_make_up_the_whole()
    {
        using SourceFolder folder = Topics.Folder(filesOfEach: 6);
        using CodeMapSnapshot map = folder.Build(new CodeMapOptions { ReadDocumentation = false });

        int Questions(EvaluationHalf half) => RetrievalEvaluation.Run(map, [RetrievalMode.Words], 1000, half: half)[0].Questions;

        Assert.Equal(Questions(EvaluationHalf.All), Questions(EvaluationHalf.Tuning) + Questions(EvaluationHalf.HeldOut));
        Assert.All([EvaluationHalf.Tuning, EvaluationHalf.HeldOut], half => Assert.InRange(Questions(half), 10, Questions(EvaluationHalf.All) - 10));
    }

    private static string Repository()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Tessera.slnx")))
                return folder;
        }

        throw new InvalidOperationException($"No Tessera.slnx in {AppContext.BaseDirectory} or above: run the tests from the repository.");
    }
}
