namespace Tessera.CodeMap.Sources;

/// <summary>The patterns of one <c>.gitignore</c> file (git's gitignore(5): comments, negation, anchors, <c>*</c>, <c>?</c>, <c>[..]</c>, <c>**</c>).</summary>
internal sealed class GitIgnore
{
    private readonly List<Pattern> _patterns = [];

    private GitIgnore()
    {
    }

    private readonly record struct Pattern(string[] Segments, bool Negated, bool FoldersOnly);

    /// <summary>Reads patterns, one a line. Lines that hold none are passed over.</summary>
    public static GitIgnore Parse(IEnumerable<string> lines)
    {
        var parsed = new GitIgnore();
        foreach (string line in lines)
        {
            string text = WithoutTrailingSpaces(line.TrimEnd('\r'));
            if (text.Length == 0 || text[0] == '#')
                continue;
            bool negated = text[0] == '!';
            if (negated)
                text = text[1..];
            bool foldersOnly = text.EndsWith('/');
            text = text.TrimEnd('/');
            // A slash before the end ties the pattern to this file's folder; without one it matches a name at any depth.
            bool anchored = text.Contains('/');
            text = text.TrimStart('/');
            if (text.Length == 0)
                continue;
            parsed._patterns.Add(new Pattern(anchored ? text.Split('/') : ["**", text], negated, foldersOnly));
        }

        return parsed;
    }

    /// <summary>What the last pattern that matches says.</summary>
    /// <param name="path">Path below this file's folder, with '/' between its parts.</param>
    /// <param name="isFolder">Whether the path is a folder.</param>
    /// <returns>True to ignore it, false to keep it, null when no pattern matches.</returns>
    public bool? Ignores(string path, bool isFolder)
    {
        string[] parts = path.Split('/');
        for (int i = _patterns.Count - 1; i >= 0; i--)
        {
            Pattern pattern = _patterns[i];
            if ((isFolder || !pattern.FoldersOnly) && MatchesPath(pattern.Segments, parts))
                return !pattern.Negated;
        }

        return null;
    }

    private static string WithoutTrailingSpaces(string line)
    {
        string trimmed = line.TrimEnd(' ');
        // "\ " at the end is a space that is meant.
        return trimmed.EndsWith('\\') && trimmed.Length < line.Length ? trimmed + " " : trimmed;
    }

    private static bool MatchesPath(ReadOnlySpan<string> pattern, ReadOnlySpan<string> parts)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**")
            {
                ReadOnlySpan<string> rest = pattern[(i + 1)..];
                if (rest.IsEmpty)
                    return parts.Length > i;
                for (int skipped = i; skipped < parts.Length; skipped++)
                {
                    if (MatchesPath(rest, parts[skipped..]))
                        return true;
                }

                return false;
            }

            if (i >= parts.Length || !MatchesName(pattern[i], parts[i]))
                return false;
        }

        return parts.Length == pattern.Length;
    }

    // The classic walk with one remembered star: linear but for the last star's retries.
    private static bool MatchesName(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, star = -1, starName = 0, position = 0;
        while (position < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                starName = position;
            }
            else if (at < pattern.Length && MatchesLetter(pattern[at..], name[position], out int used))
            {
                at += used;
                position++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                position = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }

    private static bool MatchesLetter(ReadOnlySpan<char> pattern, char letter, out int used)
    {
        used = 1;
        if (pattern[0] == '?')
            return true;
        if (pattern[0] == '\\' && pattern.Length > 1)
        {
            used = 2;
            return pattern[1] == letter;
        }

        // A ']' right after the opening (or its negation) belongs to the class.
        int first = pattern.Length > 1 && pattern[1] is '!' or '^' ? 2 : 1;
        int length = pattern[0] == '[' && pattern.Length > first + 1 ? pattern[(first + 1)..].IndexOf(']') : -1;
        if (length < 0)
            return pattern[0] == letter;

        ReadOnlySpan<char> members = pattern.Slice(first, length + 1);
        used = first + length + 2;
        bool found = false;
        for (int i = 0; i < members.Length; i++)
        {
            if (i + 2 < members.Length && members[i + 1] == '-')
            {
                found |= letter >= members[i] && letter <= members[i + 2];
                i += 2;
            }
            else
            {
                found |= letter == members[i];
            }
        }

        return found == (first == 1);
    }
}
