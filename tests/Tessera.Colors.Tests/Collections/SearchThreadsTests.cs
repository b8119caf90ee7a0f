using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Queries;

namespace Tessera.Colors.Tests.Collections;

public sealed class SearchThreadsTests
{
    [Theory]
    [InlineData("#ff8800:0.7,teal:0.3")]
    [InlineData("#334455:0.2,white:0.3,*")]
    public void Answers_do_not_depend_on_the_number_of_threads(string spec)
    {
        string folder = Directory.CreateTempSubdirectory("tessera-colors-").FullName;
        try
        {
            using ColorCollection collection = ColorCollection.Open(new SyntheticCatalog(4000, 1), folder);
            collection.Save(null, null, TestContext.Current.CancellationToken);
            ColorQuery query = ColorQuery.Parse(spec);
            foreach (int exhaustive in (int[])[20_000, 0])
            {
                var options = new ColorSearchOptions { K = 50, ExhaustiveUpTo = exhaustive, Candidates = 200, Threads = 1 };
                ColorSearchResult alone = collection.Search(query, options, TestContext.Current.CancellationToken);
                Assert.Equal(exhaustive > 0, alone.IsExhaustive);
                foreach (int threads in (int[])[2, 3, 7])
                {
                    ColorSearchResult together = collection.Search(query, options with { Threads = threads }, TestContext.Current.CancellationToken);
                    Assert.Equal(alone.Hits.Select(hit => (hit.Image.Id, hit.Distance)), together.Hits.Select(hit => (hit.Image.Id, hit.Distance)));
                    Assert.Equal(alone.Candidates, together.Candidates);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
