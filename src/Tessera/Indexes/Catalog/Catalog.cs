using System.Collections.Frozen;
using Tessera.Kernels;
using Tessera.Search;

namespace Tessera.Indexes;

/// <summary>
/// Who is in an index at one moment: the id of each row, which rows are removed, and the tags. A search that has a catalog
/// is undisturbed by those that come after it.
/// </summary>
/// <param name="Rows">Rows, the removed ones included: the next ordinal.</param>
/// <param name="Ids">Ids by ordinal; empty while every id equals its ordinal.</param>
/// <param name="Live">The rows that are not removed; null while none is.</param>
/// <param name="Tags">The rows that bear each tag; some may be removed, and late rows may be missing.</param>
/// <param name="Numbering">The same object as long as rows keep their ordinals, which they do until the next compaction.</param>
internal sealed record Catalog(int Rows, ReadOnlyMemory<long> Ids, RowSet? Live, FrozenDictionary<string, RowSet> Tags, object Numbering)
{
    /// <summary>Vectors that a search can find.</summary>
    public int Count => Live?.Count ?? Rows;

    public long Bytes => (long)Ids.Length * sizeof(long) + (Live?.Bytes ?? 0) + Tags.Values.Sum(rows => rows.Bytes);

    /// <summary>A catalog of rows that are all there, without tags.</summary>
    public static Catalog Of(int rows, ReadOnlyMemory<long> ids) => new(rows, ids, null, FrozenDictionary<string, RowSet>.Empty, new object());

    public long IdOf(int row) => Ids.IsEmpty ? row : Ids.Span[row];

    /// <summary>The rows that a search may answer with; null for all.</summary>
    public RowSet? Select(SearchFilter? filter) => filter is null ? Live : filter.Select(this);

    /// <summary>Turns sorted candidates into answers, the rest of the room into none.</summary>
    /// <param name="candidates">Sorted candidates, with distances as a user sees them.</param>
    /// <param name="results">Receives the answers.</param>
    public void Resolve(ReadOnlySpan<Candidate> candidates, Span<Neighbor> results)
    {
        ReadOnlySpan<long> ids = Ids.Span;
        for (int i = 0; i < candidates.Length; i++)
        {
            int row = candidates[i].Ordinal;
            results[i] = new Neighbor(ids.IsEmpty ? row : ids[row], candidates[i].Distance);
        }

        results[candidates.Length..].Fill(Neighbor.None);
    }
}
