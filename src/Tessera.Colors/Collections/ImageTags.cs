namespace Tessera.Colors.Collections;

/// <summary>The rules for tags.</summary>
public static class ImageTags
{
    /// <summary>The tags as catalogues keep them: each once, in the order of the alphabet.</summary>
    /// <param name="tags">Texts of one line that are not blank.</param>
    /// <exception cref="ArgumentException">A tag is blank or has several lines.</exception>
    public static IReadOnlyList<string> Checked(IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        string[] all = [.. tags.Select(tag => tag.Trim()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (string tag in all)
        {
            if (tag.Length == 0 || tag.AsSpan().ContainsAny('\r', '\n'))
                throw new ArgumentException($"'{tag}' is no tag; give text of one line that is not blank.", nameof(tags));
        }

        return all;
    }
}
