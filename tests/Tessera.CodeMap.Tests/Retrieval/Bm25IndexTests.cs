using Tessera.CodeMap.Retrieval;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tests.Retrieval;

public class Bm25IndexTests
{
    [Fact]
    public void Scores_follow_the_formula()
    {
        var index = new Bm25Index([[new(1, 2), new(2, 1)], [new(1, 1)], [new(3, 4)]]);

        (int document, float score) = Assert.Single(index.Search([new(2, 1)], 10));

        // idf = ln(1 + (3 - 1 + .5) / (1 + .5)); lengths 3, 1, 4 with mean 8/3.
        double idf = Math.Log(1 + 2.5 / 1.5), length = 1 - 0.75 + 0.75 * 3 / (8.0 / 3);
        Assert.Equal(0, document);
        Assert.Equal(idf * 1 * 2.2 / (1 + 1.2 * length), score, 1e-5);
    }

    [Fact]
    public void Rare_words_and_short_documents_come_first_and_ties_by_number()
    {
        var index = new Bm25Index([[new(1, 1), new(2, 1)], [new(1, 1)], [new(1, 1)], [new(4, 1), new(1, 1)]]);

        Assert.Equal([1, 2, 0, 3], index.Search([new(1, 1)], 10).Select(found => found.Document));
        Assert.Equal(3, index.Search([new(1, 1), new(4, 1)], 1)[0].Document);
        Assert.Empty(index.Search([new(9, 1)], 5));
        Assert.Empty(new Bm25Index([]).Search([new(9, 1)], 5));
    }
}
