using Microsoft.AspNetCore.Mvc;
using Tessera.Colors.Collections;
using Tessera.Colors.Palettes;
using Tessera.Server.Hosting;

namespace Tessera.Server.Colors;

/// <summary>Which images may be answers, and which page of them is wanted: what all searches for images take.</summary>
internal sealed class ColorPage
{
    private const int MostOffset = 9000;

    [FromQuery(Name = "folder")]
    public string? Folder { get; init; }

    [FromQuery(Name = "class")]
    public string? Class { get; init; }

    [FromQuery(Name = "tag")]
    public string? Tag { get; init; }

    [FromQuery(Name = "k")]
    public int? K { get; init; }

    [FromQuery(Name = "offset")]
    public int? Offset { get; init; }

    public int Count => Check.Range(K, 1, 200, 40, "k");

    public int From => Check.Range(Offset, 0, MostOffset, 0, "offset");

    public ImageFilter Filter() => new()
    {
        Folder = string.IsNullOrEmpty(Folder) ? null : Check.Text(Folder, 1000, "folder").Trim('/'),
        Tag = string.IsNullOrEmpty(Tag) ? null : Check.Text(Tag, 200, "tag"),
        Class = string.IsNullOrEmpty(Class) ? null : ClassOf(Class),
    };

    public ColorSearchOptions Search() => new() { K = From + Count, Filter = Filter(), WithFacets = true };

    private static ColorClass ClassOf(string name) =>
        name.All(char.IsAsciiLetter) && Enum.TryParse(name, ignoreCase: true, out ColorClass known)
            ? known
            : throw RequestException.Bad($"class is '{Check.Shown(name)}'; give one of {string.Join(", ", ColorClasses.All.Select(one => one.ToString().ToLowerInvariant()))}.");
}
