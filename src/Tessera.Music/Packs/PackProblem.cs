namespace Tessera.Music.Packs;

/// <summary>A file of a style pack that was left out.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Problem">What is wrong there.</param>
public readonly record struct PackProblem(string File, long Line, string Problem)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => $"{File}:{Line}: {Problem}";
}
