using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class VisitedSetTests
{
    [Fact]
    public void What_earlier_walks_met_is_forgotten_however_many_there_were()
    {
        var visited = new VisitedSet();
        for (int times = 0; times < 600; times++)
        {
            // Growing now and then, as an index does between searches.
            int nodes = 10 + times / 100 * 7;
            (byte[] marks, byte walk) = visited.Start(nodes);

            Assert.True(marks.Length >= nodes);
            Assert.DoesNotContain(walk, marks);
            Array.Fill(marks, walk, times % 10, 3);
        }
    }
}
