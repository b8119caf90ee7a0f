using Tessera.Indexes;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Numbers in a tree's file that make no tree, under good checksums.</summary>
public sealed class TreeDamageTests
{
    private const int Count = 700;

    private static readonly int[] Absurd = [int.MinValue, -1, 0, 1, 2, 4, 5, 10, 24, 25, Count - 1, Count, 1 << 16, 1 << 24, int.MaxValue];

    [Fact]
    public void Absurd_parameters_are_refused()
    {
        using DamagedIndexFile file = Make();
        Assert.Equal([2, 9, 16], file.Numbers<int>("parameters"));
        foreach (int value in Absurd)
        {
            Assert.Equal(value == 2, file.OpensWith("parameters", 0, value));
            Assert.Equal(value == 9, file.OpensWith("parameters", 1, value));
            // Any beam is one.
            Assert.Equal(value >= 1, file.OpensWith("parameters", 2, value));
        }
    }

    [Fact]
    public void Nodes_that_make_no_tree_are_refused()
    {
        using DamagedIndexFile file = Make();
        int[] children = file.Numbers<int>("child-counts");
        Assert.Equal((children.Length - 1, 9), (children.Sum(), children[0]));
        for (int node = 0; node < children.Length; node++)
        {
            foreach (int value in Absurd)
                Assert.Equal(value == children[node], file.OpensWith("child-counts", node, value));
        }

        // As many children as before, but at nodes that nobody leads to, or too deep.
        Assert.False(Moved(0, 1));
        Assert.False(Moved(1, children.Length - 1));

        bool Moved(int from, int to)
        {
            byte[] damaged = [.. file.Whole];
            Span<int> counts = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(damaged.AsSpan((int)file["child-counts"].Offset, 4 * children.Length));
            counts[to] += counts[from];
            counts[from] = 0;
            return file.Opens(file.Seal(damaged));
        }
    }

    [Fact]
    public void Radii_below_zero_and_absurd_leaves_are_refused()
    {
        using DamagedIndexFile file = Make();
        int[] sizes = file.Numbers<int>("list-sizes"), ordinals = file.Numbers<int>("ordinals");
        Assert.False(file.OpensWith("radii", 3, -1e-6f));
        foreach (int value in Absurd)
        {
            for (int leaf = 0; leaf < sizes.Length; leaf += 5)
                Assert.Equal(value == sizes[leaf], file.OpensWith("list-sizes", leaf, value));
            for (int at = 0; at < Count; at += 71)
                Assert.Equal(value == ordinals[at], file.OpensWith("ordinals", at, value));
        }
    }

    private static DamagedIndexFile Make()
    {
        Matrix vectors = TestVectors.Planted(7, Count / 7, 8, 0.5f, 1);
        using TreeIndex index = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 9 });
        return new DamagedIndexFile(index, vectors.Slice(100, 5));
    }
}
