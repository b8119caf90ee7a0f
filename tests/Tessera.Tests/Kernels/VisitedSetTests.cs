using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class VisitedSetTests
{
    [Fact]
    public void What_earlier_walks_met_is_forgotten_however_many_there_were()
    {
        // Each walk leaves a mark of its own, and there are more walks than a byte can number.
        const int Walks = 600;
        var visited = new VisitedSet();
        for (int times = 0; times < Walks; times++)
        {
            (byte[] marks, byte walk) = visited.Start(Walks);

            Assert.DoesNotContain(walk, marks);
            marks[times] = walk;
        }
    }

    [Fact]
    public void There_is_a_mark_for_every_node_as_their_number_grows()
    {
        var visited = new VisitedSet();
        foreach (int nodes in (int[])[0, 1, 10, 9, 15, 16, 1000])
        {
            (byte[] marks, byte walk) = visited.Start(nodes);

            Assert.True(marks.Length >= nodes);
            Assert.DoesNotContain(walk, marks);
            Array.Fill(marks, walk);
        }
    }
}
