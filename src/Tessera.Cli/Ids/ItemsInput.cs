using System.Globalization;
using Tessera.Cli.Hosting;
using Tessera.SemanticIds.Texts;
using Tessera.Vectors;

namespace Tessera.Cli.Ids;

/// <summary>Items to code: a file of vectors, or of texts that are embedded.</summary>
/// <param name="Vectors">One row for each item.</param>
/// <param name="Names">What each item is known by.</param>
/// <param name="Embedder">What made vectors of texts; null for a file of vectors.</param>
internal sealed record ItemsInput(Matrix Vectors, IReadOnlyList<string> Names, ItemTextEmbedder? Embedder)
{
    public const string Description = "A file of vectors, or of texts: .txt (one a line), .jsonl, .json (title and description).";

    /// <summary>Reads items to learn from: texts are embedded by their own words.</summary>
    public static ItemsInput Learn(string path, int dimension, int threads, CancellationToken cancellationToken)
    {
        if (!ItemTextFile.IsOne(path))
            return OfVectors(path, cancellationToken);
        IReadOnlyList<ItemText> texts = ItemTextFile.Read(path);
        return OfTexts(texts, ItemTextEmbedder.Fit(dimension, texts, cancellationToken), threads, cancellationToken);
    }

    /// <summary>Reads items for a model: texts are embedded as those were that it learnt from.</summary>
    public static ItemsInput For(string model, string path, int threads, CancellationToken cancellationToken)
    {
        if (!ItemTextFile.IsOne(path))
            return OfVectors(path, cancellationToken);
        ItemTextEmbedder embedder = ItemTextEmbedder.Load(model)
            ?? throw new FailureException($"{path}: is a file of texts, but the model {model} was fitted on vectors; give a file of vectors.");
        return OfTexts(ItemTextFile.Read(path), embedder, threads, cancellationToken);
    }

    /// <summary>The same items by the names in a file, one a line.</summary>
    public ItemsInput NamedBy(string? path)
    {
        if (path is null)
            return this;
        string[] names = File.ReadAllLines(path);
        if (names.Length != Vectors.Rows)
            throw new FailureException($"{path}: has {names.Length} names for {Vectors.Rows} items; give one a line.");
        return this with { Names = names };
    }

    private static ItemsInput OfVectors(string path, CancellationToken cancellationToken)
    {
        Matrix vectors = VectorFile.Read(path, cancellationToken);
        return new ItemsInput(vectors, [.. Enumerable.Range(0, vectors.Rows).Select(row => row.ToString(CultureInfo.InvariantCulture))], null);
    }

    private static ItemsInput OfTexts(IReadOnlyList<ItemText> texts, ItemTextEmbedder embedder, int threads, CancellationToken cancellationToken) =>
        new(embedder.Embed(texts, threads, cancellationToken), [.. texts.Select(text => text.Item)], embedder);
}
