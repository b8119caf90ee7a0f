// A small shop: products become vectors by their words, vectors become ids, ids become unique in a SQLite file, and a decoder
// that may only write ids that exist asks a trie what comes next.
using Tessera.SemanticIds;
using Tessera.SemanticIds.Quality;
using Tessera.SemanticIds.Texts;
using Tessera.SemanticIds.Tries;
using Tessera.SemanticIds.Uniqueness;
using Tessera.Stores.SemanticIds;
using Tessera.Vectors;

ItemText[] products = Products();
ItemTextEmbedder embedder = ItemTextEmbedder.Fit(dimension: 128, products);
Matrix vectors = embedder.Embed(products);

var encoder = new RQKMeans(levels: 3, clusters: 8);
string database = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");
string[] names = [.. products.Select(product => product.Item)];
using (var store = new SqliteCollisionStore(database))
{
    var engine = new SemanticIdEngine(encoder, new UniqueIdResolver(store), nextBest: 2);
    engine.Fit(vectors);
    string[] ids = engine.UniqueIds(vectors, names);
    foreach (int i in (int[])[0, 1, 2])
        Console.WriteLine($"{ids[i],-10} {products[i].Title}");

    SemanticIdTrie trie = SemanticIdTrie.Of(store.Assignments());
    int[] codes = SemanticIdFormat.Plain.Parse(ids[0])!;
    Console.WriteLine($"\nlike {products[0].Title}:");
    foreach (PrefixNeighbor neighbor in trie.Neighbors(codes, 4).Skip(1))
        Console.WriteLine($"{string.Join('-', neighbor.Codes.ToArray()),-10} {products[Array.IndexOf(names, neighbor.Item)].Title}");

    var allowed = new bool[encoder.Clusters[1]];
    Console.WriteLine($"\nbehind {codes[0]} come {trie.Mask([codes[0]], allowed)} of {allowed.Length} codes: {string.Join(", ", trie.NextCodes([codes[0]]))}");
}

// Another process, another day: the same items keep their ids.
using (var store = new SqliteCollisionStore(database))
    Console.WriteLine($"{store.Count} items in the store; {names[0]} is {new UniqueIdResolver(store).Resolve("1-1-1", names[0])}");
File.Delete(database);

SemanticIdQuality quality = SemanticIdQuality.Measure(encoder, vectors);
Console.WriteLine($"collisions {quality.CollisionRate:P1} before suffixes, recall@{quality.K} by prefix {quality.Recall:F2}, "
    + $"perplexity {string.Join(" / ", quality.Levels.Select(level => $"{level.Perplexity:F1}"))} of 8");

static ItemText[] Products()
{
    string[] things = ["hammer", "cordless drill", "torque wrench", "water pump", "air filter", "safety glove", "desk lamp", "extension cord"];
    string[] makers = ["Stark", "Weber", "Olsen"], kinds = ["heavy duty", "compact", "professional", "12 inch", "24 inch"];
    return [.. from thing in things from maker in makers from kind in kinds
        select new ItemText($"{maker}/{thing}/{kind}", $"{maker} {kind} {thing}", $"A {thing} by {maker} for daily work, {kind}.")];
}
