using System.Text.Json.Serialization;
using Tessera.Benchmarks.Data;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>One task with its settings, the same for every library; peers get it as JSON.</summary>
/// <param name="Task">What is to be done.</param>
/// <param name="Data">With what; peers get the paths of its files.</param>
internal sealed record Request(TaskKind Task, [property: JsonIgnore] DataSet Data)
{
    /// <summary>What two requests must share to be about the same index.</summary>
    [JsonIgnore]
    public (DataSet Data, Metric Metric, string Specification, int Links, int EfConstruction) Index =>
        (Data, Metric, Specification, Links, EfConstruction);

    public string BasePath => Data.BasePath;

    public string QueryPath => Data.QueryPath;

    /// <summary>Which of the library's ways to do it.</summary>
    public string Method { get; init; } = "";

    public int Clusters { get; init; }

    /// <summary>Rows of the base that are taken, from the first on; 0 for all.</summary>
    public int Rows { get; init; }

    /// <summary>Columns of the base that are taken, from the first on; 0 for all.</summary>
    public int Columns { get; init; }

    /// <summary>Parts of a product code, or levels of a residual one, of 8 bits each.</summary>
    public int Parts { get; init; }

    /// <summary>Numbers that vectors are projected onto or rotated into.</summary>
    public int Outputs { get; init; }

    public int Iterations { get; init; }

    /// <summary>Factory string of an inverted file, such as IVF256,PQ56, which FAISS and Tessera read alike; the kind of a scalar code or of a mixture.</summary>
    public string Specification { get; init; } = "";

    /// <summary>What an index compares by. Data for the cosine have length 1.</summary>
    public Metric Metric { get; init; } = Metric.L2;

    /// <summary>Lists of an inverted file that a search visits.</summary>
    public int Probes { get; init; }

    /// <summary>Neighbours of a node of an HNSW graph, M; the ground layer has twice as many.</summary>
    public int Links { get; init; }

    /// <summary>Length of the beam that finds a new node's neighbours.</summary>
    public int EfConstruction { get; init; }

    /// <summary>Length of the beam of a search through a graph.</summary>
    public int Ef { get; init; }

    /// <summary>Queries that are taken, from the first on.</summary>
    public int QueryCount { get; init; } = 1000;

    /// <summary>Answers to each query.</summary>
    public int Neighbours { get; init; } = 10;

    public int Seed { get; init; } = 42;

    public int Threads { get; init; } = 1;

    /// <summary>The vectors that the task is about.</summary>
    [JsonIgnore]
    public Matrix Part
    {
        get
        {
            Matrix rows = Rows == 0 ? Data.Base : Data.Base.Slice(0, Rows);
            if (Columns == 0)
                return rows;
            var part = new float[rows.Rows * Columns];
            for (int i = 0; i < rows.Rows; i++)
                rows[i][..Columns].CopyTo(part.AsSpan(i * Columns));
            return new Matrix(part, Columns);
        }
    }

    /// <summary>Searches are repeated until they have taken so long together; the time of one is their median.</summary>
    public double Seconds { get; init; } = 0.5;
}
