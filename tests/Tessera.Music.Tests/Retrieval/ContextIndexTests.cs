using Tessera.Music.Packs;
using Tessera.Music.Retrieval;

namespace Tessera.Music.Tests.Retrieval;

public sealed class ContextIndexTests
{
    [Fact]
    public void Matches_are_those_of_a_search_through_all_places()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int[][] pieces = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(3)).ToArray())];
            var table = new TokenTable();
            for (int id = 0; id < 4; id++)
                table.IdOf($"t{id}");
            var contexts = ContextIndex.Build([.. pieces.Select((piece, i) => new StylePattern([.. piece.Select(id => $"t{id}")], "p", null, $"{i}", 0))], table);
            int[] context = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(4))];

            var matches = new ContextMatch[2_000];
            int count = contexts.Collect(context, 1, 1, matches);

            var expected = pieces.SelectMany(piece => Enumerable.Range(0, piece.Length + 1).Select(place => (Token: place < piece.Length ? piece[place] : -1, Length: Common(piece, place, context)))).Where(match => match.Length > 0);
            Assert.Equal(
                expected.OrderByDescending(match => match.Length).ThenBy(match => match.Token),
                matches.Take(count).Select(match => (match.Token, match.Length)).OrderByDescending(match => match.Length).ThenBy(match => match.Token));
            Assert.Equal(matches.Take(count).Select(match => match.Length), matches.Take(count).Select(match => match.Length).OrderDescending());
            Assert.Equal(expected.Select(match => match.Length).DefaultIfEmpty().Max(), contexts.LongestWithEnd(context, out _));
        }
    }

    private static int Common(int[] piece, int place, int[] context)
    {
        int common = 0;
        while (common < Math.Min(place, context.Length) && piece[place - common - 1] == context[^(common + 1)])
            common++;
        return common;
    }
}
