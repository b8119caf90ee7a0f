using System.Globalization;
using System.Net;
using System.Text;
using Tessera.Colors.Queries;

namespace Tessera.Cli.Colors;

/// <summary>Answers as one page of HTML that shows the images where they lie.</summary>
internal static class ResultsPage
{
    private const string Style = """
        :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
        body { margin: 1.5rem; }
        h1 { font-size: 1.1rem; font-weight: 600; }
        .bar { display: flex; height: .7rem; border-radius: .35rem; overflow: hidden; }
        .query { height: 1.6rem; max-width: 32rem; margin-bottom: 1.5rem; }
        main { display: flex; flex-wrap: wrap; gap: 1rem; }
        figure { margin: 0; flex: 1 1 14rem; max-width: 24rem; }
        img { width: 100%; height: 11rem; object-fit: cover; border-radius: .4rem; margin-bottom: .3rem; }
        figcaption { font-size: .8rem; opacity: .75; overflow-wrap: anywhere; }
        """;

    public static string Of(ColorsSearchResult result, ColorQuery? query, string root)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(result.Query)}</title><style>{Style}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{result.Images.Count} images for {Text(result.Query)}</h1>");
        if (query is { Terms.Count: > 0 })
            AppendBar(page, "bar query", query.Terms.Select(term => (term.Color.ToHex(), (double)term.Weight)));
        page.Append("<main>");
        foreach (FoundImage image in result.Images)
        {
            string source = new Uri(Path.Combine(root, image.Path)).AbsoluteUri;
            page.Append(CultureInfo.InvariantCulture, $"<figure><a href=\"{Text(source)}\"><img loading=\"lazy\" src=\"{Text(source)}\" alt=\"{Text(image.Path)}\"></a>");
            AppendBar(page, "bar", image.Palette.Select(swatch => (swatch.Color, swatch.Share)));
            page.Append(CultureInfo.InvariantCulture, $"<figcaption>{100 * image.Similarity:0.0}% · {Text(image.Path)}</figcaption></figure>\n");
        }

        page.Append("</main></html>\n");
        return page.ToString();
    }

    private static void AppendBar(StringBuilder page, string kind, IEnumerable<(string Color, double Share)> parts)
    {
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"{kind}\">");
        foreach (var (color, share) in parts)
            page.Append(CultureInfo.InvariantCulture, $"<span style=\"flex:{share:0.###};background:{color}\" title=\"{color} {100 * share:0}%\"></span>");
        page.Append("</div>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
