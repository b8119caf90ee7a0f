using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>What an index should hold, kept as plainly as possible: a list of vectors in the order of adding, looked through from end to end.</summary>
internal sealed class IndexModel(Metric metric)
{
    private readonly List<Entry> _entries = [];
    private long _largest = -1;
    private long _largestKept = -1;

    public int Count => _entries.Count;

    public IEnumerable<string> Tags => _entries.SelectMany(entry => entry.Tags).Distinct();

    /// <summary>Ids of vectors that are there, each once.</summary>
    public long[] Ids => [.. _entries.Select(entry => entry.Id).Distinct()];

    public bool Has(long id) => _entries.Exists(entry => entry.Id == id);

    public void Add(Matrix vectors, ReadOnlySpan<long> ids)
    {
        long first = _largest + 1;
        for (int i = 0; i < vectors.Rows; i++)
            Add(ids.IsEmpty ? first + i : ids[i], vectors[i].ToArray(), []);
    }

    public int Update(Matrix vectors, ReadOnlySpan<long> ids)
    {
        int before = _entries.Count;
        string[][] tags = [.. ids.ToArray().Select(id => _entries.Where(entry => entry.Id == id).SelectMany(entry => entry.Tags).Distinct().ToArray())];
        int removed = Remove(ids);
        Assert.Equal(before - removed, _entries.Count);
        for (int i = 0; i < ids.Length; i++)
            Add(ids[i], vectors[i].ToArray(), [.. tags[i]]);
        return removed;
    }

    public int Remove(ReadOnlySpan<long> ids)
    {
        long[] gone = ids.ToArray();
        return _entries.RemoveAll(entry => gone.Contains(entry.Id));
    }

    public void Tag(string tag, ReadOnlySpan<long> ids, bool bears)
    {
        foreach (long id in ids)
        {
            foreach (Entry entry in _entries.Where(entry => entry.Id == id))
            {
                if (bears)
                    entry.Tags.Add(tag);
                else
                    entry.Tags.Remove(tag);
            }
        }
    }

    /// <summary>Only now are the ids of what was removed forgotten by the file, though not by an index that is open.</summary>
    public void Compact() => _largestKept = _entries.Count == 0 ? -1 : _entries.Max(entry => entry.Id);

    public void Reopen() => _largest = _largestKept;

    /// <summary>All vectors that pass, nearest first, ties in the order of adding.</summary>
    public Neighbor[] Search(ReadOnlySpan<float> query, Func<long, IReadOnlySet<string>, bool> passes)
    {
        float[] from = query.ToArray();
        return
        [
            .. _entries.Where(entry => passes(entry.Id, entry.Tags))
                .Select(entry => new Neighbor(entry.Id, (float)ExactNeighbors.Distance(metric, from, entry.Vector)))
                .OrderBy(answer => answer.Distance),
        ];
    }

    private void Add(long id, float[] vector, HashSet<string> tags)
    {
        _entries.Add(new Entry(id, vector, tags));
        _largest = Math.Max(_largest, id);
        _largestKept = Math.Max(_largestKept, id);
    }

    private sealed record Entry(long Id, float[] Vector, HashSet<string> Tags);
}
