using Tessera.CodeMap;

namespace Tessera.Cli.Demo;

/// <summary>A question with its answers, best first.</summary>
internal sealed record DemoQuery(string Text, IReadOnlyList<DemoAnswer> Answers)
{
    private const int AnswerCount = 5;

    public static DemoQuery Of(CodeMapSnapshot map, string text) => new(text, [.. map.Query(text, AnswerCount).Select(answer => new DemoAnswer(
        Math.Round(answer.Score, 4), DemoEntity.Of(answer.Entity), [.. answer.Clusters.Select(cluster => cluster.Label)]))]);
}
