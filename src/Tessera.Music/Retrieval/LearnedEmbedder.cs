using Tessera.Storage;

namespace Tessera.Music.Retrieval;

/// <summary>A linear map of the <see cref="ProfileEmbedder"/>'s vector to fewer numbers, trained so that bars that follow each other lie close by the trainer of the models.</summary>
public sealed class LearnedEmbedder : IPatternEmbedder
{
    private const string Kind = "tessera/music-embedder";

    [ThreadStatic]
    private static float[]? _scratch;

    private readonly ProfileEmbedder _profile;
    private readonly float[] _weights;

    internal LearnedEmbedder(int inputDimension, int dimension, float[] weights)
    {
        _profile = new ProfileEmbedder(inputDimension);
        _weights = weights;
        Dimension = dimension;
    }

    /// <inheritdoc/>
    public string Name => "learned";

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Embed(ReadOnlySpan<string> tokens, Span<float> vector)
    {
        EmbedderChecks.RequireRoom(vector, Dimension);
        if (_scratch is null || _scratch.Length < _profile.Dimension)
            _scratch = new float[_profile.Dimension];
        Span<float> profile = _scratch.AsSpan(0, _profile.Dimension);
        _profile.Embed(tokens, profile);
        Map(profile, vector);
        Vectors.Normalise(vector);
    }

    /// <summary>Writes the embedder to a file.</summary>
    public void Save(string path)
    {
        using TsrWriter writer = TsrWriter.Create(path, Kind);
        WriteTo(writer);
        writer.Commit();
    }

    /// <summary>Reads an embedder from a file.</summary>
    /// <exception cref="TesseraFormatException">The file is damaged or foreign.</exception>
    public static LearnedEmbedder Load(string path)
    {
        using TsrReader file = TsrReader.Open(path);
        file.RequireKind(Kind);
        return ReadFrom(file);
    }

    internal void WriteTo(TsrWriter writer)
    {
        writer.Write<int>("embedder-shape", [_profile.Dimension, Dimension]);
        writer.Write<float>("embedder-weights", _weights);
    }

    internal static LearnedEmbedder ReadFrom(TsrReader file)
    {
        ReadOnlySpan<int> shape = file.ReadExactly<int>("embedder-shape", 2).Span;
        if (shape[0] is < 64 or > 1 << 20 || shape[1] is < 1 or > 1 << 20)
            throw file.Error("embedder-shape", $"no embedder maps {shape[0]} numbers to {shape[1]}.");
        return new LearnedEmbedder(shape[0], shape[1], file.ReadExactly<float>("embedder-weights", (long)shape[0] * shape[1]).ToArray());
    }

    /// <summary>Adds up the rows of the weights, one for each number of the profile; most of those are 0.</summary>
    private void Map(ReadOnlySpan<float> profile, Span<float> vector)
    {
        vector.Clear();
        for (int i = 0; i < profile.Length; i++)
        {
            if (profile[i] == 0)
                continue;
            ReadOnlySpan<float> row = _weights.AsSpan(i * Dimension, Dimension);
            for (int d = 0; d < row.Length; d++)
                vector[d] += profile[i] * row[d];
        }
    }
}
