namespace Tessera.CodeMap.Tokens;

/// <summary>
/// Splits identifiers and words into the parts that people read in them: <c>IvfPqIndex</c> into Ivf, Pq, Index;
/// <c>HTTPServer2</c> into HTTP, Server, 2; <c>snake_case</c> and <c>k-means</c> at their joints.
/// </summary>
internal static class IdentifierSplitter
{
    /// <summary>Adds the parts of <paramref name="word"/> to <paramref name="parts"/>, left to right. What is neither letter nor digit separates.</summary>
    public static void Split(ReadOnlySpan<char> word, List<Range> parts)
    {
        int start = 0;
        while (start < word.Length)
        {
            if (!char.IsLetterOrDigit(word[start]))
            {
                start++;
                continue;
            }

            int end = EndOfPart(word, start);
            parts.Add(start..end);
            start = end;
        }
    }

    private static int EndOfPart(ReadOnlySpan<char> word, int start)
    {
        int end = start + 1;
        if (char.IsDigit(word[start]))
            return EndOfDigits(word, end);
        if (!char.IsUpper(word[start]))
            return EndOfLowerCase(word, end);

        while (end < word.Length && char.IsUpper(word[end]))
            end++;
        int capitals = end - start;
        if (end == word.Length)
            return end;
        // "L2", "X64": a capital alone says nothing without its number.
        if (char.IsDigit(word[end]))
            return capitals == 1 ? EndOfDigits(word, end) : end;
        if (!char.IsLetter(word[end]))
            return end;
        if (capitals == 1)
            return EndOfLowerCase(word, end);
        // "IDs": the plural of an abbreviation, not a word that begins with its last letter.
        if (word[end] == 's' && (end + 1 == word.Length || !char.IsLower(word[end + 1])))
            return end + 1;
        // "HTTPServer": the last capital begins the next word.
        return end - 1;
    }

    private static int EndOfDigits(ReadOnlySpan<char> word, int end)
    {
        while (end < word.Length && char.IsDigit(word[end]))
            end++;
        return end;
    }

    private static int EndOfLowerCase(ReadOnlySpan<char> word, int end)
    {
        while (end < word.Length && char.IsLetter(word[end]) && !char.IsUpper(word[end]))
            end++;
        return end;
    }
}
