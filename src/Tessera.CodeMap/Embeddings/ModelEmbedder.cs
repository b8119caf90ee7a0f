using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Models;
using Tessera.Vectors;

namespace Tessera.CodeMap.Embeddings;

/// <summary>
/// Embeds entities by a model: in batches, several at a time, each text once for all builds that share a cache. What the model
/// answers is checked, since one wrong vector would spoil the clusters of all others. Any number of threads may use it.
/// </summary>
public sealed class ModelEmbedder : IEntityEmbedder
{
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;
    private readonly IModelCache _cache;
    private readonly EmbeddingOptions _options;
    private long _calls;
    private long _embedded;
    private long _tokens;

    /// <param name="generator">The model. Not disposed.</param>
    /// <param name="cache">Keeps the vectors; null to keep them as long as this object lives. Not disposed.</param>
    /// <param name="options">Batches and lengths; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public ModelEmbedder(IEmbeddingGenerator<string, Embedding<float>> generator, IModelCache? cache = null, EmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        _generator = generator;
        _cache = cache ?? new InMemoryModelCache();
        _options = options ?? EmbeddingOptions.Default;
        _options.Validate();
        Model = generator.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata { DefaultModelId: { } model } ? model : generator.GetType().Name;
    }

    /// <inheritdoc/>
    public string Model { get; }

    /// <summary>Calls of the model so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Texts that the model has embedded so far; the others came from the cache.</summary>
    public long Embedded => Interlocked.Read(ref _embedded);

    /// <summary>Tokens that the model counted so far; 0 where it does not count.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <inheritdoc/>
    /// <remarks>Stops between calls; what was embedded is kept.</remarks>
    /// <exception cref="ModelException">The model fails, or answers with NaN, infinity, zeros, or vectors of different dimensions.</exception>
    public async Task<Matrix> EmbedAsync(
        IReadOnlyList<CodeEntity> entities, bool readDocumentation = true, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entities);
        float[][] rows = await EmbedAsync([.. entities.Select(entity => TextOf(entity, readDocumentation))], progress, cancellationToken).ConfigureAwait(false);
        int dimension = rows.Length == 0 ? 1 : rows[0].Length;
        var values = new float[(long)rows.Length * dimension];
        for (int row = 0; row < rows.Length; row++)
        {
            if (rows[row].Length != dimension)
                throw new ModelException($"{Model} gave {rows[row].Length} numbers for {entities[row].Id} and {dimension} for {entities[0].Id}; use one model for all, and a cache of its own for each.");
            rows[row].CopyTo(values.AsSpan(row * dimension));
        }

        return new Matrix(values, dimension);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelException">The model fails, or answers with NaN, infinity or zeros.</exception>
    public async Task<float[]> EmbedAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (await EmbedAsync([Cut(text)], null, cancellationToken).ConfigureAwait(false))[0];
    }

    private async Task<float[][]> EmbedAsync(string[] texts, IProgress<CodeMapProgress>? progress, CancellationToken cancellationToken)
    {
        string[] keys = [.. texts.Select(text => ModelKey.Of(["embedding", Model, text]))];
        float[]?[] rows = [.. _cache.Find(keys).Select(bytes => bytes is null ? null : MemoryMarshal.Cast<byte, float>(bytes).ToArray())];
        // Equal texts, such as generated accessors, are asked for once.
        int[] missing = [.. Enumerable.Range(0, texts.Length).Where(row => rows[row] is null).DistinctBy(row => keys[row])];
        int done = texts.Length - missing.Length;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Calls, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing.Chunk(_options.BatchSize), parallel, async (batch, token) =>
        {
            float[][] vectors = await CallAsync([.. batch.Select(row => texts[row])], token).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
                rows[batch[i]] = vectors[i];
            _cache.Keep([.. batch.Select((row, i) => KeyValuePair.Create(keys[row], MemoryMarshal.AsBytes<float>(vectors[i]).ToArray()))]);
            progress?.Report(new CodeMapProgress("embedding", Interlocked.Add(ref done, batch.Length), texts.Length));
        }).ConfigureAwait(false);
        Dictionary<string, float[]> fresh = missing.ToDictionary(row => keys[row], row => rows[row]!);
        return [.. rows.Select((row, number) => row ?? fresh[keys[number]])];
    }

    private async Task<float[][]> CallAsync(string[] texts, CancellationToken cancellationToken)
    {
        GeneratedEmbeddings<Embedding<float>> answer = await _generator.GenerateAsync(texts, cancellationToken: cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _embedded, texts.Length);
        Interlocked.Add(ref _tokens, answer.Usage?.InputTokenCount ?? 0);
        if (answer.Count != texts.Length)
            throw new ModelException($"{Model} gave {answer.Count} vectors for {texts.Length} texts.");
        return [.. answer.Select((vector, i) => Checked(vector.Vector.Span, texts[i]))];
    }

    private float[] Checked(ReadOnlySpan<float> vector, string text)
    {
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        if (!double.IsFinite(squares) || squares == 0)
        {
            string what = squares == 0 ? "only zeros" : "numbers that are not finite";
            throw new ModelException($"{Model} gave {what} for the text that begins '{text.AsSpan(0, Math.Min(60, text.Length)).ToString().ReplaceLineEndings(" ")}'.");
        }

        var scaled = new float[vector.Length];
        double length = Math.Sqrt(squares);
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = (float)(vector[i] / length);
        return scaled;
    }

    private string TextOf(CodeEntity entity, bool readDocumentation)
    {
        string documentation = readDocumentation && entity.Documentation.Length > 0 ? entity.Documentation + "\n" : "";
        return Cut($"{entity.Path} {entity.DisplayName}\n{documentation}{entity.Source}");
    }

    private string Cut(string text)
    {
        if (text.Length <= _options.Letters)
            return text;
        // Half of a pair of surrogates is no letter.
        return text[..(char.IsHighSurrogate(text[_options.Letters - 1]) ? _options.Letters - 1 : _options.Letters)];
    }
}
