using Tessera.Colors.Transport;

namespace Tessera.Colors.Collections;

/// <summary>How to search a collection.</summary>
public sealed record ColorSearchOptions
{
    /// <summary>Most answers of a search.</summary>
    public const int MostAnswers = 10_000;

    /// <summary>The defaults.</summary>
    public static ColorSearchOptions Default { get; } = new();

    /// <summary>Answers wanted, 1 to 10,000 (default 20); a collection that holds fewer gives fewer.</summary>
    public int K { get; init; } = 20;

    /// <summary>Which images may be answers (default all).</summary>
    public ImageFilter Filter { get; init; } = new();

    /// <summary>
    /// Images up to which a search measures all that pass its filter, by bounds first, and so finds exactly what an oracle finds
    /// (default 20,000; 0 always asks the index). Above it, the index names candidates.
    /// </summary>
    public int ExhaustiveUpTo { get; init; } = 20_000;

    /// <summary>Candidates that the index is asked for at first; 0 (default) for eight times <see cref="K"/>, at least 128. Twice as many are asked for as long as those that come anew are among the answers, up to <see cref="MostCandidates"/>.</summary>
    public int Candidates { get; init; }

    /// <summary>Most candidates that the index is asked for (default 2,048); twice as many where colours are asked for and the rest may be anything, which the index tells apart less well.</summary>
    public int MostCandidates { get; init; } = 2048;

    /// <summary>Threads that measure the candidates; 0 (default) uses every processor. The answers do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>How candidates are measured (default exactly).</summary>
    public RerankMethod Method { get; init; }

    /// <summary>Settings of Sinkhorn's iterations.</summary>
    public SinkhornOptions Sinkhorn { get; init; } = SinkhornOptions.Default;

    /// <summary>What it costs to take one colour for another.</summary>
    public GroundCost Cost { get; init; } = GroundCost.Default;

    /// <summary>Whether to count what the images that pass the filter are (default false).</summary>
    public bool WithFacets { get; init; }

    /// <summary>Checks the rules.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message says what would be right.</exception>
    public void Validate()
    {
        Require(K, 1, MostAnswers, nameof(K));
        Require(ExhaustiveUpTo, 0, int.MaxValue, nameof(ExhaustiveUpTo));
        Require(Candidates, 0, 1 << 20, nameof(Candidates));
        Require(MostCandidates, 1, 1 << 20, nameof(MostCandidates));
        Require(Threads, 0, 1024, nameof(Threads));
        if (!Enum.IsDefined(Method))
            throw new ArgumentOutOfRangeException(nameof(Method), Method, "The method must be Exact or Sinkhorn.");
        Sinkhorn.Validate();
        Cost.Validate();
    }

    private static void Require(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {least} and {most}.");
    }
}
