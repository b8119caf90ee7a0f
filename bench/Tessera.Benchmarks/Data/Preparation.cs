using Tessera.Vectors;

namespace Tessera.Benchmarks.Data;

/// <summary>Makes the comparison's data from what the npm packages hold.</summary>
internal static class Preparation
{
    private const int Queries = 1000;

    /// <summary>Every 341st word is a query, until there are 1,000.</summary>
    private const int QueryStep = 341;

    /// <summary>All training images to search among, the first 1,000 test images as queries.</summary>
    public static void Mnist(string source, string target)
    {
        Matrix images = VectorFile.Read(FindImages(source, "train-images"));
        Matrix tests = VectorFile.Read(FindImages(source, "t10k-images"));
        Write(DataSet.Mnist(target), images, tests.Slice(0, Math.Min(Queries, tests.Rows)));
    }

    /// <summary>Words as queries at even distances in the order of frequency, all the others to search among.</summary>
    public static void Glove(string source, string target)
    {
        Matrix words = WordVectors.Read(source);
        int[] queries = [.. Enumerable.Range(0, words.Rows).Where(word => word % QueryStep == 0).Take(Queries)];
        int[] others = [.. Enumerable.Range(0, words.Rows).Except(queries)];
        Write(DataSet.Glove(target), words.Select(others), words.Select(queries));
    }

    private static void Write(DataSet data, Matrix vectors, Matrix queries)
    {
        data.Write(vectors, queries);
        Console.WriteLine($"{data.Name}: {vectors.Rows} x {vectors.Dimension}, {queries.Rows} queries -> {Path.GetDirectoryName(data.BasePath)}");
    }

    private static string FindImages(string folder, string name) =>
        Directory.EnumerateFiles(folder, $"{name}*", SearchOption.AllDirectories)
            .Where(path => path.EndsWith("-ubyte", StringComparison.Ordinal) || path.EndsWith("-ubyte.gz", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault() ?? throw new FileNotFoundException($"There is no {name}-idx3-ubyte in {folder} or below it.");
}
