using System.Text.Json;

namespace Tessera.CodeMap.Summaries;

/// <summary>What a model must answer, and what the cache keeps.</summary>
/// <param name="Label">A few words.</param>
/// <param name="Summary">A few sentences.</param>
internal sealed record SummaryAnswer(string Label, string Summary)
{
    private const int LongestLabel = 200;
    private const int LongestSummary = 4000;

    /// <summary>Reads an answer strictly: one object with two texts that are neither empty nor endless.</summary>
    /// <returns>The answer, or what is wrong with it.</returns>
    public static (SummaryAnswer? Answer, string Problem) Read(string text)
    {
        text = WithoutFence(text.Trim());
        SummaryAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(text, SummaryJson.Default.SummaryAnswer);
        }
        catch (JsonException problem)
        {
            return (null, $"It is not the JSON asked for (line {problem.LineNumber + 1}).");
        }

        if (answer is null || string.IsNullOrWhiteSpace(answer.Label) || string.IsNullOrWhiteSpace(answer.Summary))
            return (null, "\"label\" or \"summary\" is missing or empty.");
        if (answer.Label.Length > LongestLabel || answer.Summary.Length > LongestSummary)
            return (null, $"\"label\" has more than {LongestLabel} letters or \"summary\" more than {LongestSummary}.");
        return (new SummaryAnswer(OneLine(answer.Label), OneLine(answer.Summary)), "");
    }

    // Many models put a fence around JSON whatever they are told; that alone is no reason to pay twice.
    private static string WithoutFence(string text)
    {
        if (!text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal) || text.Length < 6)
            return text;
        int first = text.IndexOf('\n', StringComparison.Ordinal);
        return first < 0 ? text : text[(first + 1)..^3];
    }

    /// <summary>Answers are shown in terminals: no line ends and no control characters.</summary>
    private static string OneLine(string text) =>
        string.Join(' ', new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
