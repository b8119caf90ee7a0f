namespace Tessera.Cli.Code;

/// <summary>A cluster as the verbs of <c>code</c> print it.</summary>
internal sealed record CodeClusterRow(string Id, int Layer, string Label, int Size)
{
    public string? Summary { get; init; }

    public string? Folder { get; init; }

    public double? Score { get; init; }

    public IReadOnlyList<string>? Path { get; init; }

    public IReadOnlyList<CodeClusterRow>? Children { get; init; }

    public static CodeClusterRow Of(CodeMap.Layers.CodeCluster cluster) => new(cluster.Id, cluster.Layer, cluster.Label, cluster.Size);
}
