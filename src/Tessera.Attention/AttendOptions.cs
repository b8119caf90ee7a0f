using Tessera.Attention.Configuration;

namespace Tessera.Attention;

/// <summary>How attention is computed and how much of the cache it may read. Make one and use it for all calls.</summary>
public sealed record AttendOptions
{
    /// <summary>The defaults: <see cref="AttentionMode.Auto"/> with 90% of the attention computed exactly and the rest estimated.</summary>
    public static AttendOptions Default { get; } = new();

    /// <summary>All keys.</summary>
    public static AttendOptions Dense { get; } = new() { Mode = AttentionMode.Dense };

    /// <summary>How attention is computed (default Auto).</summary>
    public AttentionMode Mode { get; init; } = AttentionMode.Auto;

    /// <summary>Most keys that are scored for each key head, means of clusters and exact zones included; null (default) for no such limit.</summary>
    public int? Keys { get; init; }

    /// <summary>The same as a share of the keys in the cache, in (0, 1]; null (default) for no such limit.</summary>
    public double? KeyShare { get; init; }

    /// <summary>
    /// Share of the attention, as estimated, that is to be computed from keys, in (0, 1] (adaptive top-p): null (default) means
    /// 0.9 when there is no limit in keys, and all that the limit allows when there is one.
    /// </summary>
    public double? Mass { get; init; }

    /// <summary>Clusters that are not opened enter by count, mean key and mean value (default true); false leaves them out, which is plain top-k.</summary>
    public bool TailEstimate { get; init; } = true;

    /// <summary>
    /// A causal mask within the call (default false: every query sees every key). The queries of a text are taken to stand at its
    /// latest tokens, and each sees the keys up to its own: m queries after an update with m keys are a prompt taken in at once.
    /// Every mode answers as if the cache were cropped behind the query's token, to 1e-6 of the output's length; keys that
    /// the query sees of a segment which holds later ones too are all scored.
    /// </summary>
    public bool Causal { get; init; }

    /// <summary>Works out the bound on the error of every output (default false; certified mode always does).</summary>
    public bool Certificate { get; init; }

    /// <summary>For certified mode: the error that is allowed, as a share of the length of the head's longest value (default 1e-5).</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>For quantized mode: share of the keys in opened clusters that are scored exactly, in (0, 1] (default 0.25).</summary>
    public double Rerank { get; init; } = 0.25;

    /// <summary>What products of queries and keys are multiplied by; null (default) means one over the root of the dimension.</summary>
    public float? Scale { get; init; }

    internal void Validate()
    {
        IndexConfig.Require(Enum.IsDefined(Mode), nameof(Mode), Mode, "one of the modes");
        IndexConfig.Require(Keys is null or >= 1, nameof(Keys), Keys ?? 0, "at least 1, or null");
        IndexConfig.Require(KeyShare is null or (> 0 and <= 1), nameof(KeyShare), KeyShare ?? 0, "above 0 and at most 1, or null");
        IndexConfig.Require(Mass is null or (> 0 and <= 1), nameof(Mass), Mass ?? 0, "above 0 and at most 1, or null");
        IndexConfig.Require(Tolerance is >= 0 and < 1, nameof(Tolerance), Tolerance, "in [0, 1)");
        IndexConfig.Require(Rerank is > 0 and <= 1, nameof(Rerank), Rerank, "above 0 and at most 1");
        IndexConfig.Require(Scale is null || float.IsFinite(Scale.Value), nameof(Scale), Scale ?? 0, "finite, or null");
    }
}
