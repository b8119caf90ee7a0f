using System.Diagnostics;
using Tessera.Colors.Queries;
using Tessera.Colors.Spaces;
using Tessera.Colors.Transport;
using Tessera.Search;

namespace Tessera.Colors.Collections;

/// <summary>One search: prepares the query, filters, takes candidates, ranks them, and reads the answers.</summary>
internal sealed class ColorSearch(CollectionState state, IImageCatalog catalog, ColorQuery query, ColorSearchOptions options, SearchScratch scratch)
{
    private const int LeastCandidates = 128;

    public ColorSearchResult Run(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TransportQuery prepared = query.Prepare(options.Cost);
        long filtering = Stopwatch.GetTimestamp();
        var passing = options.Filter.IsOpen ? default : state.Passing(options.Filter);
        int count = passing.Rows?.Length ?? state.Columns.Count;
        Facets? facets = options.WithFacets ? state.Columns.CountFacets(passing.Rows) : null;
        long ranking = Stopwatch.GetTimestamp();

        var reranker = new Reranker(state, prepared, query.Exclusions, options, scratch.Transports(options.Threads > 0 ? options.Threads : Environment.ProcessorCount));
        bool isExhaustive = state.Files.Index is null || count <= options.ExhaustiveUpTo;
        long indexTicks = 0;
        int looked = isExhaustive
            ? TakeAll(reranker, passing.Rows, cancellationToken)
            : TakeCandidates(reranker, prepared, passing.Filter, count, ref indexTicks, cancellationToken);

        long reading = Stopwatch.GetTimestamp();
        double range = options.Cost.Saturation;
        var hits = new List<ColorHit>(options.K);
        foreach (var (distance, id, _) in reranker.Best)
        {
            // Removed by another process meanwhile.
            if (catalog.Find(id) is { } image)
                hits.Add(new ColorHit(image, distance, Math.Max(0, 1 - distance / range)));
        }

        long end = Stopwatch.GetTimestamp();
        var timings = new ColorSearchTimings(
            Milliseconds(filtering - start), Milliseconds(ranking - filtering), Milliseconds(indexTicks),
            Milliseconds(reranker.BoundTicks), Milliseconds(reranker.TransportTicks), Milliseconds(end - reading), Milliseconds(end - start));
        return new ColorSearchResult(hits, count, looked, reranker.Measured, isExhaustive, facets, timings);
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    private int TakeAll(Reranker reranker, int[]? rows, CancellationToken cancellationToken)
    {
        int count = rows?.Length ?? state.Columns.Count;
        scratch.Reserve(count);
        Span<int> room = scratch.Rows.AsSpan(0, count);
        for (int i = 0; i < count; i++)
            room[i] = rows is null ? i : rows[i];
        reranker.Take(scratch.Rows.AsMemory(0, count), scratch.Bounds.AsMemory(0, count), cancellationToken);
        return count;
    }

    /// <summary>Asks for twice as many as before as long as the new ones still change the answers.</summary>
    private int TakeCandidates(Reranker reranker, TransportQuery prepared, SearchFilter? filter, int passing, ref long indexTicks, CancellationToken cancellationToken)
    {
        FillVector(prepared);
        scratch.Seen.Clear();
        long allowed = options.MostCandidates * (prepared.HasColorsAndRest ? 2L : 1);
        int most = (int)Math.Min(passing, Math.Max(allowed, options.K));
        int wanted = Math.Min(most, options.Candidates > 0 ? Math.Max(options.Candidates, options.K) : Math.Max(LeastCandidates, 8 * options.K));
        while (true)
        {
            long asking = Stopwatch.GetTimestamp();
            scratch.Reserve(wanted);
            int found = state.Files.Index!.Search(scratch.Vector, scratch.Neighbors.AsSpan(0, wanted), filter);
            indexTicks += Stopwatch.GetTimestamp() - asking;
            int fresh = 0;
            foreach (Neighbor neighbor in scratch.Neighbors.AsSpan(0, found))
            {
                // The index may have heard of images that this state has not, and the other way round.
                if (state.Columns.RowOf(neighbor.Id) is >= 0 and int row && scratch.Seen.Add(row))
                    scratch.Rows[fresh++] = row;
            }

            bool changed = reranker.Take(scratch.Rows.AsMemory(0, fresh), scratch.Bounds.AsMemory(0, fresh), cancellationToken);
            if (wanted == most || found < wanted || (!changed && reranker.Best.Count == options.K))
                return scratch.Seen.Count;
            wanted = (int)Math.Min(most, 2L * wanted);
        }
    }

    /// <summary>The query as the index compares it: the root of each mass, with what is excluded below zero.</summary>
    private void FillVector(TransportQuery prepared)
    {
        Span<float> vector = scratch.Vector;
        vector.Clear();
        foreach (TransportQuery.Node node in prepared.Nodes)
            vector[node.Bin] += (float)node.Mass / SparseHistogram.Whole;
        foreach (ref float mass in vector)
            mass = MathF.Sqrt(mass);
        foreach (ColorExclusion exclusion in query.Exclusions)
        {
            TransportQuery unwanted = TransportQuery.Of([(exclusion.Color, 1f)], GroundCost.Default);
            foreach (TransportQuery.Node node in unwanted.Nodes)
                vector[node.Bin] -= MathF.Sqrt((float)node.Mass / SparseHistogram.Whole) * (1 - exclusion.MostShare);
        }
    }
}
