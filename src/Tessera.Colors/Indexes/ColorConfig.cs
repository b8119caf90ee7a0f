using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Tessera.Colors.Histograms;

namespace Tessera.Colors.Indexes;

/// <summary>
/// Settings of an <see cref="AnnIndex"/>. The names in capitals are the defaults, and the environment variables that
/// <see cref="FromEnvironment"/> reads.
/// </summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "These are the names that configurations of such indexes are written with.")]
public sealed record ColorConfig
{
    /// <summary>Numbers in a histogram.</summary>
    public const int TOTAL_BINS = HistogramGrid.TotalBins;

    /// <summary>Default of <see cref="Lists"/>: cells of the coarse quantiser.</summary>
    public const int IVFPQ_NLIST = 100;

    /// <summary>Default of <see cref="Subquantizers"/>: of 144 numbers each.</summary>
    public const int IVFPQ_M = 8;

    /// <summary>Default of <see cref="Bits"/>: 256 centroids for each subquantizer.</summary>
    public const int IVFPQ_NBITS = 8;

    /// <summary>Default of <see cref="Probes"/>: cells that a search visits.</summary>
    public const int IVFPQ_NPROBE = 10;

    /// <summary>Training vectors for each cell below which training warns.</summary>
    public const int PointsPerList = 39;

    /// <summary>The defaults: 100 cells, 8 codes of 8 bits, 10 probes.</summary>
    public static ColorConfig Default { get; } = new();

    /// <summary>8 bytes an image: M 8, 8 bits, 100 cells, 10 probes.</summary>
    public static ColorConfig MemoryConstrained { get; } = new();

    /// <summary>16 bytes an image: M 16, 8 bits, 200 cells, 20 probes.</summary>
    public static ColorConfig AccuracyFocused { get; } = new() { Subquantizers = 16, Lists = 200, Probes = 20 };

    /// <summary>3 bytes an image: M 4, 6 bits, 50 cells, 5 probes.</summary>
    public static ColorConfig SpeedFocused { get; } = new() { Subquantizers = 4, Bits = 6, Lists = 50, Probes = 5 };

    /// <summary>Cells of the coarse quantiser, nlist, at least 1 (default 100). More find the same with fewer codes looked at, and take more memory.</summary>
    public int Lists { get; init; } = IVFPQ_NLIST;

    /// <summary>Subquantizers, M, which divide 1152 (default 8). More cost as many more codes and lose less.</summary>
    public int Subquantizers { get; init; } = IVFPQ_M;

    /// <summary>Bits of each code, nbits, 1 to 16 (default 8).</summary>
    public int Bits { get; init; } = IVFPQ_NBITS;

    /// <summary>Cells that a search visits, nprobe, 1 to <see cref="Lists"/> (default 10). More find more and take longer.</summary>
    public int Probes { get; init; } = IVFPQ_NPROBE;

    /// <summary>What stands behind the index (default IVF-PQ).</summary>
    public AnnIndexKind Kind { get; init; }

    /// <summary>Images up to which a hybrid index is a graph, at least 1 (default 10,000).</summary>
    public int GraphUpTo { get; init; } = 10_000;

    /// <summary>Whether to search on a GPU. There is no such search: true is refused, rather than silently done on the processor.</summary>
    public bool UseGpu { get; init; }

    /// <summary>Bytes of one image's code, without its id.</summary>
    public int CodeBytes => (Subquantizers * Bits + 7) / 8;

    /// <summary>The defaults, changed by the environment variables <c>IVFPQ_NLIST</c>, <c>IVFPQ_M</c>, <c>IVFPQ_NBITS</c> and <c>IVFPQ_NPROBE</c>, and checked.</summary>
    /// <param name="variable">Reads a variable, null where it is not set; null for those of this process.</param>
    /// <exception cref="FormatException">A variable is no whole number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static ColorConfig FromEnvironment(Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        var config = new ColorConfig
        {
            Lists = Read(nameof(IVFPQ_NLIST), IVFPQ_NLIST),
            Subquantizers = Read(nameof(IVFPQ_M), IVFPQ_M),
            Bits = Read(nameof(IVFPQ_NBITS), IVFPQ_NBITS),
            Probes = Read(nameof(IVFPQ_NPROBE), IVFPQ_NPROBE),
        };
        config.ValidateConfig();
        return config;

        int Read(string name, int otherwise) => variable(name) switch
        {
            null or "" => otherwise,
            string text when int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) => value,
            string text => throw new FormatException($"The environment variable {name} is '{text}'; give a whole number, such as {otherwise}."),
        };
    }

    /// <summary>Checks the rules: M divides 1152, nbits is 1 to 16, nprobe is 1 to nlist.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number breaks a rule; the message says what would be right.</exception>
    /// <exception cref="NotSupportedException">A GPU is asked for.</exception>
    public void ValidateConfig()
    {
        if (UseGpu)
            throw new NotSupportedException("Searching on a GPU is not supported; leave UseGpu false and the processor searches.");
        if (Lists is < 1 or > 1 << 20)
            throw Wrong(nameof(Lists), Lists, $"{nameof(IVFPQ_NLIST)} must be between 1 and {1 << 20}.");
        if (Subquantizers < 1 || TOTAL_BINS % Subquantizers != 0)
            throw Wrong(nameof(Subquantizers), Subquantizers, $"{nameof(IVFPQ_M)} must divide {nameof(TOTAL_BINS)} ({TOTAL_BINS}) evenly, such as 4, 8, 16 or 32.");
        if (Bits is < 1 or > 16)
            throw Wrong(nameof(Bits), Bits, $"{nameof(IVFPQ_NBITS)} must be between 1 and 16.");
        if (Probes < 1 || Probes > Lists)
            throw Wrong(nameof(Probes), Probes, $"{nameof(IVFPQ_NPROBE)} must be between 1 and {nameof(IVFPQ_NLIST)} ({Lists}).");
        if (!Enum.IsDefined(Kind))
            throw Wrong(nameof(Kind), (int)Kind, "The kind must be IvfPq, Hnsw or Hybrid.");
        ArgumentOutOfRangeException.ThrowIfLessThan(GraphUpTo, 1);
    }

    /// <summary>
    /// The settings with which so few training vectors are enough to train: never more cells than a thirty-ninth of them, never more
    /// centroids in a codebook than vectors. Large collections get the settings as they are.
    /// </summary>
    /// <param name="trainingVectors">Vectors to train on, at least 1.</param>
    public ColorConfig ForCollection(int trainingVectors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingVectors, 1);
        int bits = Math.Clamp(BitOperations.Log2((uint)trainingVectors), 1, Bits);
        // As many cells as asked for do work with fewer vectors than recommended; only where they cannot, there are fewer.
        int lists = trainingVectors >= Lists && trainingVectors >= 1 << Bits ? Lists : Math.Clamp(trainingVectors / PointsPerList, 1, Lists);
        return this with { Lists = lists, Bits = bits, Probes = Math.Min(Probes, lists) };
    }

    /// <summary>Training vectors that a collection deserves: 20% of a small one to 10% of a large one, but at least 39 for each cell, and no more than there are.</summary>
    /// <param name="images">Images of the collection.</param>
    public int TrainingSize(int images)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        double share = 0.2 - 0.1 * Math.Clamp((images - 50_000) / 150_000.0, 0, 1);
        long enough = (long)PointsPerList * Math.Max(Lists, 1 << Bits);
        return (int)Math.Min(images, Math.Max(enough, (long)(share * images)));
    }

    private static ArgumentOutOfRangeException Wrong(string property, int value, string message) => new(property, value, message);
}
