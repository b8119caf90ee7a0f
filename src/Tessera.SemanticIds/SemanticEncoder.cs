using Tessera.Quantization;
using Tessera.SemanticIds.Codes;
using Tessera.SemanticIds.Files;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds;

/// <summary>
/// Learns to code vectors as a few numbers of which each says more exactly what the vector is like: level after level, each
/// coding what those before left. <see cref="RQKMeans"/> and <see cref="RQVAE"/> are the two ways to learn it.
/// </summary>
public abstract class SemanticEncoder
{
    private protected SemanticEncoder()
    {
    }

    /// <summary>Codes that each level has, one number for each level.</summary>
    public abstract IReadOnlyList<int> Clusters { get; }

    /// <summary>Levels of the codes.</summary>
    public int Levels => Clusters.Count;

    /// <summary>Bits that the codes of one vector take: the sum of the logarithms of the levels' sizes.</summary>
    public double Bits => Clusters.Sum(clusters => Math.Log2(clusters));

    /// <summary>Numbers in a vector; 0 before the training where the options do not say it.</summary>
    public abstract int Dimension { get; }

    /// <summary>Whether <see cref="Fit"/> or a load has been.</summary>
    public abstract bool IsFitted { get; }

    /// <summary>Learns from vectors; what was learnt before is replaced when all is done.</summary>
    /// <param name="vectors">Rows of equal dimension, at least as many as the largest level has codes; all numbers finite and of size 1e15 at most.</param>
    /// <param name="threads">Threads; 0 uses every processor. The result does not depend on it.</param>
    /// <param name="progress">Told as the work goes on.</param>
    /// <param name="cancellationToken">Stops soon; the encoder stays as it was.</param>
    /// <exception cref="ArgumentException">There are too few vectors, or a number is out of range.</exception>
    public abstract void Fit(Matrix vectors, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Codes vectors. The same vectors give the same codes on every machine and any number of threads.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> numbers, finite and of size 1e15 at most.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="progress">Told as the work goes on.</param>
    /// <param name="cancellationToken">Stops within a block of vectors.</param>
    /// <exception cref="InvalidOperationException">The encoder has not been fitted.</exception>
    /// <exception cref="ArgumentException">The dimension is another, or a number is out of range.</exception>
    public abstract SemanticCodes Encode(Matrix vectors, int threads = 0, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>The vectors that codes stand for.</summary>
    /// <param name="codes">As many levels as the encoder has, or fewer: then the levels that are missing add nothing.</param>
    /// <exception cref="InvalidOperationException">The encoder has not been fitted.</exception>
    /// <exception cref="ArgumentException">There are more levels, or a code is not one of its level.</exception>
    public abstract Matrix Decode(SemanticCodes codes);

    /// <summary>Other codes for a vector, the best first, that differ from its own on the last level alone: what an item can take when its own code is taken.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="codes">Its codes.</param>
    /// <param name="count">Most codes to give.</param>
    /// <returns>Rows of codes, at most as many as the last level has but one.</returns>
    public abstract SemanticCodes NextBest(ReadOnlySpan<float> vector, ReadOnlySpan<int> codes, int count);

    /// <summary>Gives items that share their codes with an earlier one their next-best codes that are free: ids without suffixes, as far as the last level has room.</summary>
    /// <param name="vectors">One row for each item.</param>
    /// <param name="codes">Their codes.</param>
    /// <param name="count">Most next-best codes that an item tries.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    /// <returns>New codes; an item that finds none free keeps its own.</returns>
    /// <exception cref="ArgumentException">There are not as many codes as vectors.</exception>
    public SemanticCodes Separate(Matrix vectors, SemanticCodes codes, int count, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(codes);
        RequireVectors(vectors);
        if (codes.Rows != vectors.Rows || codes.Levels != Levels)
            throw new ArgumentException($"There are {codes.Rows} codes of {codes.Levels} levels for {vectors.Rows} vectors and {Levels} levels.", nameof(codes));
        int[] values = codes.Values.ToArray();
        var taken = new HashSet<int[]>(CodeComparer.Instance);
        var late = new List<int>();
        // Bare codes first: nobody is to lose them to the next-best of another.
        for (int row = 0; row < codes.Rows; row++)
        {
            if (!taken.Add(codes[row].ToArray()))
                late.Add(row);
        }

        foreach (int row in late)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SemanticCodes next = NextBest(vectors[row], codes[row], count);
            int free = Enumerable.Range(0, next.Rows).FirstOrDefault(choice => taken.Add(next[choice].ToArray()), -1);
            if (free >= 0)
                next[free].CopyTo(values.AsSpan(row * Levels));
        }

        return new SemanticCodes(values, Levels);
    }

    /// <summary>Writes the model into a folder, which is made where there is none.</summary>
    /// <exception cref="InvalidOperationException">The encoder has not been fitted.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public abstract void Save(string folder);

    /// <summary>Reads a model that <see cref="Save"/> wrote, of whichever kind it is.</summary>
    /// <exception cref="FileNotFoundException">There is no model in the folder.</exception>
    /// <exception cref="TesseraFormatException">A file of the model is damaged or foreign.</exception>
    public static SemanticEncoder Load(string folder)
    {
        ModelMetadata metadata = ModelMetadata.Read(folder);
        return metadata.Type switch
        {
            RQKMeans.TypeName => RQKMeans.Load(folder),
            RQVAE.TypeName => RQVAE.Load(folder),
            _ => throw metadata.Error($"the model is a '{metadata.Type}'; {RQKMeans.TypeName} and {RQVAE.TypeName} are known."),
        };
    }

    /// <summary>The ids of codes.</summary>
    /// <param name="codes">One row for each item, of the encoder's levels or of fewer.</param>
    /// <param name="format">Null for <see cref="SemanticIdFormat.Plain"/>.</param>
    /// <exception cref="ArgumentException">The codes have more levels than the encoder.</exception>
    public string[] SemanticId(SemanticCodes codes, SemanticIdFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(codes);
        if (codes.Levels > Levels)
            throw new ArgumentException($"The codes have {codes.Levels} levels, the encoder {Levels}.", nameof(codes));
        return (format ?? SemanticIdFormat.Plain).Write(codes);
    }

    private protected void RequireFitted()
    {
        if (!IsFitted)
            throw new InvalidOperationException($"The {GetType().Name} has not been fitted: call Fit with representative vectors first, or load a model.");
    }

    private protected void RequireVectors(Matrix vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        RequireFitted();
        if (vectors.Dimension != Dimension)
            throw new ArgumentException($"The dimension is {vectors.Dimension}, but the model's is {Dimension}.", nameof(vectors));
        Inputs.RequireMeasurable(vectors, nameof(vectors));
    }
}
