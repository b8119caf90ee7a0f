// Images by colour end to end. With a folder of images: index it and search it. Without one: the same on generated images.
using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Images;
using Tessera.Colors.Queries;

using ColorCollection collection = args.Length > 0 ? Index(args[0]) : PlantedCollection.Generate(50, 4).ToCollection();
Console.WriteLine($"{collection.Count} images: {string.Join(", ", collection.Facets().Classes.Select(count => $"{count.Images} {count.Value}"))}");

Show("teal:0.5,orange:0.5");
Show("red:5%,*");
Show("white:0.6,*", exclusions: "black:0.1");

// More like the first one.
ColorSearchResult similar = collection.Similar(1, new ColorSearchOptions { K = 3 });
Console.WriteLine($"like {collection.Image(1)!.Path}: {string.Join(", ", similar.Hits.Select(hit => hit.Image.Path))}");

void Show(string spec, string? exclusions = null)
{
    ColorQuery query = ColorQuery.Parse(spec) with { Exclusions = exclusions is null ? [] : ColorQuery.ParseExclusions(exclusions) };
    ColorSearchResult result = collection.Search(query, new ColorSearchOptions { K = 3 });
    Console.WriteLine($"{spec}: {result.Measured} of {result.Candidates} measured in {result.Timings.Total:F1} ms");
    foreach (ColorHit hit in result.Hits)
        Console.WriteLine($"  {hit.Similarity:P1}  {hit.Image.Path}  {string.Join(' ', hit.Image.Palette.Select(part => part.Color.ToHex()))}");
}

static ColorCollection Index(string folder)
{
    // Tessera.Stores keeps the catalogue in SQLite; this one is gone with the process.
    var catalog = new InMemoryImageCatalog();
    IndexingReport report = new FolderIndexer(folder, catalog, new VipsImageDecoder()).Run();
    foreach (BrokenFile broken in report.Broken)
        Console.WriteLine($"no image: {broken.Path}: {broken.Problem}");
    return ColorCollection.Open(catalog);
}
