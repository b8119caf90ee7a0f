using Tessera.Architecture.Tests;
using Tessera.CodeMap.Retrieval;

namespace Tessera.CodeMap.Tests.Retrieval;

/// <summary>Retrieval on real code with real questions: what stands in this repository, asked for by its own comments.</summary>
public class RetrievalEvaluationTests
{
    [Fact]
    public void Hybrid_finds_code_by_its_comments()
    {
        using CodeMapSnapshot map = CodeMapBuilder.Build(
            Path.Combine(Repository.Root, "src"), new CodeMapOptions { ReadDocumentation = false }, cancellationToken: TestContext.Current.CancellationToken);

        IReadOnlyList<RetrievalScore> scores = RetrievalEvaluation.Run(
            map, [RetrievalMode.Hybrid, RetrievalMode.Words, RetrievalMode.Local], 1000, cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(scores, score => Assert.Equal(1000, score.Questions));
        (RetrievalScore hybrid, RetrievalScore words, RetrievalScore vectors) = (scores[0], scores[1], scores[2]);
        // The comments here are short and seldom say what the name does: 0.41 and 0.21.
        Assert.True(hybrid.Recall >= 0.36 && hybrid.MeanReciprocalRank >= 0.18, $"{hybrid}");
        Assert.True(hybrid.Recall >= 0.9 * words.Recall && hybrid.MeanReciprocalRank >= 0.9 * words.MeanReciprocalRank, $"{hybrid}, {words}");
        Assert.True(hybrid.Recall > vectors.Recall && hybrid.MeanReciprocalRank > vectors.MeanReciprocalRank, $"{hybrid}, {vectors}");
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
}
