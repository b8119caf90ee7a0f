using Tessera.Cli.Hosting;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary>Opens what the verbs read, and checks that it belongs together, so that each mistake is told in the user's terms.</summary>
internal static class InputFiles
{
    public static VectorIndex OpenIndex(string path, bool verify = true)
    {
        if (!File.Exists(path))
            throw new FailureException($"{path}: no such index file; make one with 'tessera index build'.");
        return VectorIndex.Open(path, verify);
    }

    public static void CheckDimension(VectorReader vectors, VectorIndex index)
    {
        if (vectors.Dimension != index.Dimension)
            throw new FailureException(
                $"{vectors.Path}: holds vectors of dimension {vectors.Dimension}, the index of {index.Dimension}; give vectors of dimension {index.Dimension}.");
    }

    /// <summary>Checks a value for the knob of the index.</summary>
    public static void CheckSetting(int setting, VectorIndex index)
    {
        if (index.Knob == SearchKnob.Probes && setting > index.Lists)
            throw new UsageException($"--probes is {setting}, but the index has {index.Lists} lists; give 1 to {index.Lists}.");
        if (index.Knob == SearchKnob.EfSearch && setting > VectorIndex.MaxK)
            throw new UsageException($"--ef is {setting}; give 1 to {VectorIndex.MaxK}.");
    }

    /// <summary>Reads queries for k answers each.</summary>
    public static Matrix ReadQueries(string path, int k, VectorIndex index, CancellationToken cancellationToken)
    {
        CheckK(k, index);
        using (var reader = VectorFile.Open(path))
        {
            CheckDimension(reader, index);
            if (reader.Rows * k > Array.MaxLength)
                throw new UsageException($"-k is {k} for {reader.Rows} queries, more answers than fit one array; give at most {Array.MaxLength / reader.Rows}, or fewer queries.");
        }

        return VectorFile.Read(path, cancellationToken);
    }

    public static GroundTruth ReadTruth(string path, int k, int queries)
    {
        var (ids, known) = IdFile.Read(path);
        if (known < k)
            throw new FailureException($"{path}: knows {known} neighbours of each query, not {k}; give -k {known} or a longer truth.");
        if (ids.Length / known != queries)
            throw new FailureException($"{path}: has {ids.Length / known} rows for {queries} queries; give the truth of these queries.");
        return new GroundTruth(Array.ConvertAll(ids, id => (long)id), known);
    }

    private static void CheckK(int k, VectorIndex index)
    {
        long most = Math.Min(index.Count, VectorIndex.MaxK);
        if (k > most)
            throw new UsageException($"-k is {k}, but the index holds {index.Count} vectors; give 1 to {most}.");
    }
}
