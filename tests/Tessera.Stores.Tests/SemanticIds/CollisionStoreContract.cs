using System.Collections.Concurrent;
using Tessera.SemanticIds.Uniqueness;

namespace Tessera.Stores.Tests.SemanticIds;

/// <summary>What every store of ids promises.</summary>
public abstract class CollisionStoreContract : IDisposable
{
    private readonly List<ICollisionStore> _opened = [];

    [Fact]
    public void The_first_item_gets_the_bare_id_and_the_next_ones_suffixes()
    {
        ICollisionStore store = Open();
        Assert.Equal(["12-5-33", "12-5-33-1", "7-7-7", "12-5-33-2"], Assign(store, ("a", "12-5-33"), ("b", "12-5-33"), ("c", "7-7-7"), ("d", "12-5-33")));
        Assert.Equal(["12-5-33-3"], Assign(store, ("e", "12-5-33")));
        Assert.Equal(5, store.Count);
    }

    [Fact]
    public void An_item_that_comes_again_keeps_its_id_whatever_it_asks_for()
    {
        ICollisionStore store = Open();
        Assign(store, ("a", "1-1"), ("b", "1-1"));
        Assert.Equal(["1-1-1", "1-1", "1-1-1"], Assign(store, ("b", "1-1"), ("a", "9-9"), ("b", "2-2")));
        Assert.Equal(2, store.Count);
        Assert.Null(store.ItemOf("9-9"));
    }

    [Fact]
    public void One_item_twice_in_a_batch_gets_one_id()
    {
        ICollisionStore store = Open();
        Assert.Equal(["4-4", "4-4", "4-4-1"], Assign(store, ("a", "4-4"), ("a", "4-4"), ("b", "4-4")));
    }

    [Fact]
    public void Free_alternatives_go_before_suffixes_in_their_order()
    {
        ICollisionStore store = Open();
        Assign(store, ("a", "1-1"), ("b", "1-2"));
        IdRequest Wanting(string item) => new(item, "1-1", ["1-2", "1-3"]);
        Assert.Equal(["1-3", "1-1-1"], store.Assign([Wanting("c"), Wanting("d")]));
    }

    [Fact]
    public void Alternatives_are_not_looked_at_while_the_first_id_is_free()
    {
        ICollisionStore store = Open();
        Assert.SkipUnless(IsLazy, "This store sends everything along.");
        static IEnumerable<string> Never()
        {
            Assert.Fail("The alternatives were looked at.");
            yield break;
        }

        Assert.Equal(["5-5"], store.Assign([new IdRequest("a", "5-5", Never())]));
    }

    [Fact]
    public void A_suffix_that_is_a_bare_id_of_another_item_is_passed_over()
    {
        ICollisionStore store = Open();
        Assert.Equal(["3-3-1", "3-3", "3-3-2"], Assign(store, ("deep", "3-3-1"), ("a", "3-3"), ("b", "3-3")));
    }

    [Fact]
    public void A_bare_id_that_was_given_out_as_a_suffix_is_not_given_again()
    {
        ICollisionStore store = Open();
        Assign(store, ("a", "3-3"), ("b", "3-3"));
        Assert.Equal(["3-3-1-1"], Assign(store, ("deep", "3-3-1")));
    }

    [Fact]
    public void Items_and_ids_find_each_other()
    {
        ICollisionStore store = Open();
        Assign(store, ("a", "1-1"), ("Ä 'quoted\" ünïcode 🧩", "1-1"));
        Assert.Equal(("1-1-1", "a"), (store.IdOf("Ä 'quoted\" ünïcode 🧩"), store.ItemOf("1-1")));
        Assert.Equal((null, null), (store.IdOf("A"), store.ItemOf("1-2")));
        Assert.Equal(
            [new IdAssignment("a", "1-1"), new IdAssignment("Ä 'quoted\" ünïcode 🧩", "1-1-1")],
            store.Assignments().OrderBy(assignment => assignment.Item, StringComparer.Ordinal));
    }

    [Fact]
    public void A_batch_that_fails_leaves_no_trace()
    {
        ICollisionStore store = Open();
        Assign(store, ("a", "1-1"));
        static IEnumerable<string> Failing() => throw new InvalidOperationException("no alternatives today");
        Assert.Throws<InvalidOperationException>(() => store.Assign([new IdRequest("b", "2-2"), new IdRequest("c", "1-1", Failing())]));
        Assert.Equal(1, store.Count);
        Assert.Null(store.IdOf("b"));
        Assert.Equal(["2-2", "1-1-1"], Assign(store, ("z", "2-2"), ("c", "1-1")));
    }

    [Fact]
    public void A_cancelled_batch_leaves_no_trace()
    {
        ICollisionStore store = Open();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => store.Assign([new IdRequest("a", "1-1")], cancelled.Token));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void An_empty_batch_is_answered_by_nothing()
    {
        Assert.Empty(Open().Assign([]));
    }

    [Fact]
    public void Threads_never_get_the_same_id_and_agree_on_items()
    {
        ICollisionStore store = Open();
        var answers = new ConcurrentBag<(string Item, string Id)>();
        SideBySide(40, worker =>
        {
            // Every item comes from two workers, and five hundred items want four ids.
            var items = Enumerable.Range(worker / 2 * 25, 25).Select(item => ($"item {item}", $"0-{item % 4}")).ToArray();
            foreach ((string item, string id) in items.Select(each => each.Item1).Zip(Assign(store, items)))
                answers.Add((item, id));
        });
        Assert.Equal(500, store.Count);
        Assert.Equal(500, answers.Distinct().Count());
        Assert.Equal(500, answers.Select(answer => answer.Id).Distinct().Count());
        Assert.All(Enumerable.Range(0, 4), code => Assert.NotNull(store.ItemOf($"0-{code}-124")));
    }

    [Fact]
    public void Ids_outlive_the_store_that_gave_them()
    {
        Assert.SkipUnless(IsKept, "This store forgets.");
        using (ICollisionStore first = OpenAnother())
            Assign(first, ("a", "1-1"), ("b", "1-1"));
        ICollisionStore second = Open();
        Assert.Equal(["1-1-1", "1-1", "1-1-2"], Assign(second, ("b", "1-1"), ("a", "1-1"), ("c", "1-1")));
    }

    [Fact]
    public void Two_stores_over_the_same_data_never_give_the_same_id()
    {
        Assert.SkipUnless(IsKept, "This store has its data to itself.");
        ICollisionStore[] stores = [Open(), Open()];
        var ids = new ConcurrentBag<string>();
        SideBySide(20, round =>
        {
            var items = Enumerable.Range(0, 50).Select(item => ($"{round}/{item}", $"0-{item % 5}")).ToArray();
            foreach (string id in Assign(stores[round % 2], items))
                ids.Add(id);
        });
        Assert.Equal(1000, ids.Distinct().Count());
        Assert.All(stores, store => Assert.Equal(1000, store.Count));
    }

    public void Dispose()
    {
        foreach (ICollisionStore store in _opened)
            store.Dispose();
        CleanUp();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether another store over the same data sees the ids.</summary>
    protected virtual bool IsKept => true;

    /// <summary>Whether alternatives are looked at only when they are needed.</summary>
    protected virtual bool IsLazy => true;

    /// <summary>A store over this test's data.</summary>
    protected abstract ICollisionStore OpenAnother();

    protected virtual void CleanUp()
    {
    }

    protected static string[] Assign(ICollisionStore store, params (string Item, string SemanticId)[] items) =>
        store.Assign([.. items.Select(item => new IdRequest(item.Item, item.SemanticId))]);

    /// <summary>Numbered pieces of work on four threads of their own.</summary>
    private static void SideBySide(int pieces, Action<int> body)
    {
        int next = -1;
        var failures = new ConcurrentBag<Exception>();
        void Work()
        {
            try
            {
                for (int piece = Interlocked.Increment(ref next); piece < pieces; piece = Interlocked.Increment(ref next))
                    body(piece);
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }

        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(Work))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Empty(failures);
    }

    private ICollisionStore Open()
    {
        ICollisionStore store = OpenAnother();
        _opened.Add(store);
        return store;
    }
}
