using Tessera.Attention.Configuration;

namespace Tessera.Attention.Traces;

/// <summary>Shape and character of a synthetic trace.</summary>
public sealed record KvTraceOptions
{
    /// <summary>What it looks like (default Structured).</summary>
    public TraceKind Kind { get; init; } = TraceKind.Structured;

    /// <summary>Tokens, at least 64.</summary>
    public required int Tokens { get; init; }

    /// <summary>Key heads (default 8).</summary>
    public int KeyHeads { get; init; } = 8;

    /// <summary>Query heads, a multiple of the key heads (default 32).</summary>
    public int QueryHeads { get; init; } = 32;

    /// <summary>Numbers of a head, at least 8 (default 128).</summary>
    public int Dimension { get; init; } = 128;

    /// <summary>Queries of each head, as the last tokens would ask them (default 8).</summary>
    public int Queries { get; init; } = 8;

    /// <summary>Seed (default 42).</summary>
    public ulong Seed { get; init; } = 42;

    internal void Validate()
    {
        IndexConfig.Require(Enum.IsDefined(Kind), nameof(Kind), Kind, "one of the kinds");
        IndexConfig.Require(Tokens >= 64, nameof(Tokens), Tokens, "at least 64");
        IndexConfig.Require(KeyHeads >= 1, nameof(KeyHeads), KeyHeads, "at least 1");
        IndexConfig.Require(QueryHeads >= KeyHeads && QueryHeads % KeyHeads == 0, nameof(QueryHeads), QueryHeads, $"a multiple of {KeyHeads}");
        IndexConfig.Require(Dimension >= 8, nameof(Dimension), Dimension, "at least 8");
        IndexConfig.Require(Queries >= 1, nameof(Queries), Queries, "at least 1");
    }
}
