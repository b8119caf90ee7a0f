namespace Tessera.Cli.Demo;

/// <summary>One answer.</summary>
/// <param name="Score">Cosine of question and code.</param>
/// <param name="Entity">The code.</param>
/// <param name="Clusters">Labels of the clusters that it lies in, from the top down.</param>
internal sealed record DemoAnswer(double Score, DemoEntity Entity, IReadOnlyList<string> Clusters);
