using System.Buffers;

namespace Tessera.CodeMap.Tokens;

/// <summary>
/// Cuts English words down to a common stem, lightly: plurals, -ing, -ed, -er/-or, -ion, -ly, and the two spellings of
/// -ise/-ize and -our/-or. So <c>quantizer</c>, <c>quantised</c> and <c>Quantization</c> meet. Stems are keys, not words to show.
/// </summary>
internal static class Stemmer
{
    // A stem shorter than this says too little: "red" is not what is left of "reder".
    private const int ShortestStem = 3;

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    /// <summary>The stem of a lower-case word.</summary>
    public static string Stem(string word)
    {
        if (Irregular(word) is { } stem)
            return stem;
        if (word.Length <= ShortestStem || !char.IsAsciiLetterLower(word[0]))
            return word;

        string singular = WithoutPlural(word);
        if (Irregular(singular) is { } stemOfSingular)
            return stemOfSingular;
        string text = WithoutParticiple(singular);
        text = Without(text, "ly", ShortestStem + 1);
        if (text.Length > 5 && text.EndsWith("our", StringComparison.Ordinal))
            text = text[..^3] + "or";
        text = WithoutAgent(text);
        if (text.EndsWith("tion", StringComparison.Ordinal) || text.EndsWith("sion", StringComparison.Ordinal))
            text = Without(text, "ion", ShortestStem);
        text = Without(text, "e", ShortestStem);
        // Computation and compute, generator and generate; short ones (create, update, iterate) keep their -at.
        if (text.Length > 6)
            text = Without(text, "at", ShortestStem);
        return text.Length > 5 && text.EndsWith("is", StringComparison.Ordinal) ? text[..^2] + "iz" : text;
    }

    private static string? Irregular(string word) => word switch
    {
        "indices" or "indexes" => "index",
        "matrices" => "matrix",
        "vertices" => "vertex",
        "children" => "child",
        "centre" or "centres" => Stem("center"),
        "chose" or "chosen" or "choice" => Stem("choose"),
        "written" or "wrote" => Stem("write"),
        "embed" => "embed",
        _ => null,
    };

    private static string WithoutPlural(string word)
    {
        if (word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4)
            return word[..^3] + "y";
        if (word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal)
            || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal))
            return Without(word, "es", ShortestStem);
        return word.EndsWith("ss", StringComparison.Ordinal) || word.EndsWith("us", StringComparison.Ordinal)
            || word.EndsWith("is", StringComparison.Ordinal)
            ? word
            : Without(word, "s", ShortestStem);
    }

    private static string WithoutParticiple(string word)
    {
        string stem = word;
        if (word.EndsWith("ing", StringComparison.Ordinal))
            stem = Without(word, "ing", ShortestStem);
        else if (word.EndsWith("ed", StringComparison.Ordinal) && !word.EndsWith("eed", StringComparison.Ordinal))
            stem = Without(word, "ed", ShortestStem);
        if (stem.Length == word.Length || !stem.AsSpan().ContainsAny(Vowels))
            return word;
        return WithoutDoubled(stem);
    }

    private static string WithoutAgent(string word)
    {
        string stem = Without(word, "er", ShortestStem);
        if (stem.Length == word.Length)
            stem = Without(word, "or", ShortestStem);
        return stem.Length == word.Length ? word : WithoutDoubled(stem);
    }

    // "splitt(ing)" is split, but "fill(ing)" and "miss(ing)" are what they are.
    private static string WithoutDoubled(string stem) =>
        stem.Length > ShortestStem && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z' or 'e' or 'o')
            ? stem[..^1]
            : stem;

    private static string Without(string word, string ending, int shortest) =>
        word.Length - ending.Length >= shortest && word.EndsWith(ending, StringComparison.Ordinal)
            ? word[..^ending.Length]
            : word;
}
