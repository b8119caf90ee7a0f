using Tessera.Vectors;

namespace Tessera.Benchmarks.Data;

/// <summary>Vectors to search among, queries, and the true neighbours of these: three files of one name in a folder, read when first needed.</summary>
internal sealed class DataSet(string name, string folder, string prefix)
{
    /// <summary>True neighbours that are kept for each query.</summary>
    public const int TrueNeighbours = 100;

    private readonly Lazy<Matrix> _base = new(() => VectorFile.Read(Path.Combine(folder, $"{prefix}-base.npy")));
    private readonly Lazy<Matrix> _queries = new(() => VectorFile.Read(Path.Combine(folder, $"{prefix}-query.npy")));
    private readonly Lazy<(int[] Ids, int K)> _truth = new(() => IdFile.Read(Path.Combine(folder, $"{prefix}-truth.ivecs")));

    public string Name { get; } = name;

    public string BasePath { get; } = Path.GetFullPath(Path.Combine(folder, $"{prefix}-base.npy"));

    public string QueryPath { get; } = Path.GetFullPath(Path.Combine(folder, $"{prefix}-query.npy"));

    public string TruthPath { get; } = Path.GetFullPath(Path.Combine(folder, $"{prefix}-truth.ivecs"));

    public bool Exists => File.Exists(BasePath) && File.Exists(QueryPath) && File.Exists(TruthPath);

    public Matrix Base => _base.Value;

    public Matrix Queries => _queries.Value;

    public static DataSet Mnist(string folder) => new("MNIST", folder, "mnist");

    public static DataSet Glove(string folder) => new("GloVe", folder, "glove");

    /// <summary>The true nearest neighbours of a query, nearest first.</summary>
    public ReadOnlySpan<int> Truth(int query) => _truth.Value.Ids.AsSpan(query * _truth.Value.K, _truth.Value.K);

    /// <summary>Writes the three files, finding the true neighbours.</summary>
    public void Write(Matrix vectors, Matrix queries)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(BasePath)!);
        VectorFile.Write(BasePath, vectors);
        VectorFile.Write(QueryPath, queries);
        IdFile.Write(TruthPath, ExactNeighbours.Find(vectors, queries, TrueNeighbours), TrueNeighbours);
    }
}
