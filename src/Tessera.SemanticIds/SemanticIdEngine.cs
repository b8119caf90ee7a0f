using System.Text.Json;
using Tessera.Quantization;
using Tessera.SemanticIds.Files;
using Tessera.SemanticIds.Uniqueness;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds;

/// <summary>The whole way from vectors to unique ids: an encoder makes codes, a format makes ids of them, a resolver makes these unique.</summary>
public sealed class SemanticIdEngine
{
    private const string MetaFile = "engine_meta.json";
    private const string IdFile = "ids.json";

    private readonly SemanticIdFormat _format;
    private readonly int _nextBest;

    /// <summary>Puts the parts together.</summary>
    /// <param name="encoder">Makes codes.</param>
    /// <param name="uniqueResolver">Makes ids unique; null for one in memory.</param>
    /// <param name="format">Makes ids of codes; null for <see cref="SemanticIdFormat.Plain"/>.</param>
    /// <param name="nextBest">How many next-best codes of the last level an item tries before it gets a suffix; 0 (default) tries none.</param>
    public SemanticIdEngine(SemanticEncoder encoder, UniqueIdResolver? uniqueResolver = null, SemanticIdFormat? format = null, int nextBest = 0)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegative(nextBest);
        (Encoder, Resolver, _format, _nextBest) = (encoder, uniqueResolver ?? new UniqueIdResolver(), format ?? SemanticIdFormat.Plain, nextBest);
    }

    /// <summary>Makes codes.</summary>
    public SemanticEncoder Encoder { get; }

    /// <summary>Makes ids unique.</summary>
    public UniqueIdResolver Resolver { get; }

    /// <summary>Trains the encoder.</summary>
    /// <inheritdoc cref="SemanticEncoder.Fit"/>
    public void Fit(Matrix vectors, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Encoder.Fit(vectors, threads, progress, cancellationToken);

    /// <summary>The unique ids of vectors that are their own names: equal vectors are told apart by how many came before them in the call, so that the same call gives the same ids again.</summary>
    /// <inheritdoc cref="UniqueIds(Matrix, IReadOnlyList{string}, int, IProgress{TrainingProgress}?, CancellationToken)"/>
    public string[] UniqueIds(Matrix vectors, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return UniqueIds(vectors, VectorNames.Of(vectors), threads, progress, cancellationToken);
    }

    /// <summary>The unique ids of items. An item keeps the id that it got first, whatever its vector is now.</summary>
    /// <param name="vectors">One row for each item.</param>
    /// <param name="items">What each item is known by.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="progress">Told as the work goes on.</param>
    /// <param name="cancellationToken">Stops within a block of vectors and between batches of ids.</param>
    /// <exception cref="InvalidOperationException">The encoder has not been fitted.</exception>
    /// <exception cref="ArgumentException">The dimension is another, or there are not as many items as vectors.</exception>
    /// <exception cref="IOException">The store cannot be reached or written.</exception>
    public string[] UniqueIds(Matrix vectors, IReadOnlyList<string> items, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        SemanticCodes codes = Encoder.Encode(vectors, threads, progress, cancellationToken);
        return Resolver.Resolve(_format.Write(codes), items, _nextBest == 0 ? null : Alternatives, progress, cancellationToken);

        // An iterator, so that nothing is computed for the many items whose first id is free.
        IEnumerable<string> Alternatives(int item)
        {
            foreach (string id in _format.Write(Encoder.NextBest(vectors[item], codes[item], _nextBest)))
                yield return id;
        }
    }

    /// <summary>Writes the encoder and all ids into a folder: <c>engine_meta.json</c>, <c>encoder/</c>, <c>resolver/</c>. Format and alternatives are the caller's.</summary>
    /// <exception cref="InvalidOperationException">The encoder has not been fitted.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Encoder.Save(Path.Combine(folder, "encoder"));
        string resolver = Path.Combine(folder, "resolver");
        Directory.CreateDirectory(resolver);
        JsonIdFile.Write(Path.Combine(resolver, IdFile), Resolver.Store.Assignments());
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("encoder_type", Encoder.GetType().Name);
            json.WriteString("store_type", "json");
            json.WriteStartObject("store_config");
            json.WriteString("path", IdFile);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        WholeFile.Write(Path.Combine(folder, MetaFile), buffer.ToArray());
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="store">Where ids are kept from now on, such as the store that held them before; null for the saved ids, in memory.</param>
    /// <param name="format">As in the constructor.</param>
    /// <param name="nextBest">As in the constructor.</param>
    /// <exception cref="FileNotFoundException">There is no engine in the folder.</exception>
    /// <exception cref="TesseraFormatException">A file is damaged or foreign.</exception>
    public static SemanticIdEngine Load(string folder, ICollisionStore? store = null, SemanticIdFormat? format = null, int nextBest = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string meta = Path.Combine(folder, MetaFile), ids = Path.Combine(folder, "resolver", IdFile);
        if (!File.Exists(meta))
            throw new FileNotFoundException($"{folder}: there is no engine; it would have a {MetaFile}.", meta);
        if (store is null && !File.Exists(ids))
            throw new FileNotFoundException($"{ids}: the saved ids are missing; give the store that holds them.", ids);
        SemanticEncoder encoder = SemanticEncoder.Load(Path.Combine(folder, "encoder"));
        store ??= new InMemoryCollisionStore(JsonIdFile.Read(ids).Table.Assignments());
        return new SemanticIdEngine(encoder, new UniqueIdResolver(store), format, nextBest);
    }
}
