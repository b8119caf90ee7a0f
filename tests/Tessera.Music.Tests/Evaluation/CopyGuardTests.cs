using Tessera.Music.Evaluation;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Music.Tests.Evaluation;

public sealed class CopyGuardTests
{
    private static readonly Vocabulary Letters = new(["a", "b", "c", "d", "e", "f"]);

    [Fact]
    public void The_longest_span_is_found_with_its_source_and_bar()
    {
        CopyGuard guard = Guard();

        Assert.Equal(new CopiedSpan(1, 4, "one", 0), guard.Longest(Letters.Encode(["f", "a", "b", "c", "d", "f"])));
        // Across the bars of a piece, and up to its very end.
        Assert.Equal(new CopiedSpan(0, 3, "two", 1), guard.Longest(Letters.Encode(["e", "e", "f", "c"])));
        Assert.Equal(0, guard.Longest([]).Length);
    }

    [Fact]
    public void What_would_go_on_with_a_copy_is_forbidden_at_the_limit()
    {
        CopyGuard guard = Guard();
        bool[] allowed = [true, true, true, true, true, true];

        guard.Forbid(Letters.Encode(["f", "a", "b"]), 3, allowed);
        Assert.DoesNotContain(false, allowed);
        guard.Forbid(Letters.Encode(["f", "a", "b"]), 2, allowed);

        Assert.Equal([true, true, false, true, false, true], allowed);
    }

    private static CopyGuard Guard()
    {
        var index = new HierarchicalStyleIndex(new StyleIndexOptions { EmbeddingDim = 64 });
        index.BuildParentIndex("p", [new StylePattern(["a", "b", "c", "d", "e"], "p", null, "one", 0)]);
        index.RegisterChildPatterns("p", "q", [new StylePattern(["a", "b", "e"], "p", "q", "two", 0), new StylePattern(["d", "e", "e", "f"], "p", "q", "two", 1)]);
        return new CopyGuard(index, Letters);
    }
}
