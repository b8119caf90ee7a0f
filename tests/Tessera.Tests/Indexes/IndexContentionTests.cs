using System.Diagnostics;
using System.Globalization;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>
/// Four threads add and one removes while four search: every answer is a vector that was being or had been added and was not
/// removed before the search began, and its distance is right. Short here; <c>TESSERA_CONTENTION_SECONDS=60</c> makes it a minute
/// for each kind of index.
/// </summary>
public sealed class IndexContentionTests
{
    private const int Dimension = 16;
    private const int Writers = 4;
    private const int Searchers = 4;

    /// <summary>Most vectors that each writer adds.</summary>
    private const int IdsEach = 10_000;

    private static readonly Matrix Pool = TestVectors.Planted(16, 256, Dimension, 0.5f, 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Flat", Metric.L2)]
    [InlineData("Flat", Metric.Cosine)]
    [InlineData("HNSW6", Metric.L2)]
    [InlineData("IVF16,Flat", Metric.InnerProduct)]
    [InlineData("IVF16,SQ8", Metric.L2)]
    [InlineData("IVF16,PQ8", Metric.L2)]
    [InlineData("IVF16,PQ8x4fs", Metric.Cosine)]
    [InlineData("IVF16,PQ8x4fs,Refine", Metric.L2)]
    public async Task No_wrong_answer_while_four_threads_add_one_removes_and_four_search(string specification, Metric metric)
    {
        double seconds = double.Parse(Environment.GetEnvironmentVariable("TESSERA_CONTENTION_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        using var run = new Run(specification, metric, rounds: seconds > 0 ? int.MaxValue : 25, TimeSpan.FromSeconds(seconds));
        await run.Do();
        if (seconds > 0)
            Console.WriteLine(run.Report);
    }

    private sealed class Run : IDisposable
    {
        private readonly VectorIndex _index;
        private readonly Metric _metric;
        private readonly int _rounds;
        private readonly TimeSpan _time;
        private readonly bool _measures;
        private readonly long _start = Stopwatch.GetTimestamp();

        /// <summary>By id: whether its removal has ended.</summary>
        private readonly bool[] _removed = new bool[Writers * IdsEach];

        /// <summary>By id: whether its adding has begun.</summary>
        private readonly bool[] _begun = new bool[Writers * IdsEach];
        private readonly int[] _added = new int[Writers];
        private int _writing = Writers;
        private bool _failed;
        private long _searches;
        private long _answers;
        private long _removals;
        private int _compactions;

        public Run(string specification, Metric metric, int rounds, TimeSpan time)
        {
            (_metric, _rounds, _time) = (metric, rounds, time);
            _measures = !(specification.Contains("PQ", StringComparison.Ordinal) || specification.Contains("SQ", StringComparison.Ordinal)) || specification.EndsWith("Refine", StringComparison.Ordinal);
            _index = IndexFactory.Create(specification, Dimension, metric);
            _index.Train(Pool, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
        }

        public string Report =>
            $"{_index.Specification} {_metric}: {Stopwatch.GetElapsedTime(_start).TotalSeconds:0} s, {_added.Sum()} added, {_removals} removed, {_compactions} compactions, {_searches} searches, {_answers} answers, {_index.Count} left";

        public void Dispose() => _index.Dispose();

        public async Task Do()
        {
            await Task.WhenAll(
            [
                .. Enumerable.Range(0, Writers).Select(writer => Start(() => Write(writer))),
                Start(Remove),
                .. Enumerable.Range(0, Searchers).Select(searcher => Start(() => Search(searcher))),
            ]);
            Assert.Equal(_added.Sum() - _removals, _index.Count);
            Assert.True(_searches > 0 && _answers > 0);
        }

        /// <summary>A thread of its own; when it fails, the others stop.</summary>
        private Task Start(Action action) => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    action();
                }
                catch
                {
                    Volatile.Write(ref _failed, true);
                    throw;
                }
            },
            Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        private bool Goes(int round) => !Volatile.Read(ref _failed) && round < _rounds && (_time == TimeSpan.Zero || Stopwatch.GetElapsedTime(_start) < _time);

        /// <summary>Adds its own ids in ascending order, a few at a time.</summary>
        private void Write(int writer)
        {
            var random = new SeededRandom((ulong)writer, 5);
            var options = new BuildOptions { Threads = 1 };
            int next = writer * IdsEach, end = next + IdsEach;
            for (int round = 0; Goes(round) && next < end; round++)
            {
                int count = Math.Min(1 + random.Next(20), end - next);
                long[] ids = [.. Enumerable.Range(next, count).Select(id => (long)id)];
                foreach (long id in ids)
                    Volatile.Write(ref _begun[id], true);
                var vectors = new Matrix(ids.SelectMany(id => Vector(id).ToArray()).ToArray(), Dimension);
                if (random.Next(3) == 0)
                    Assert.Equal(0, _index.Update(vectors, ids, options, cancellationToken: Cancellation));
                else
                    _index.Add(vectors, ids, options, cancellationToken: Cancellation);
                next += count;
                Volatile.Write(ref _added[writer], next - writer * IdsEach);
                // Searches keep pace; where time is given it is to be filled, not an index.
                while (_time == TimeSpan.Zero && !Volatile.Read(ref _failed) && Volatile.Read(ref _searches) < 4 * round)
                    Thread.Yield();
                if (_time > TimeSpan.Zero)
                    Thread.Sleep(TimeSpan.FromSeconds(Math.Max(0, _time.TotalSeconds * (next - writer * IdsEach) / IdsEach - Stopwatch.GetElapsedTime(_start).TotalSeconds)));
            }

            Interlocked.Decrement(ref _writing);
        }

        private void Remove()
        {
            var random = new SeededRandom(9, 5);
            int compactEach = _time == TimeSpan.Zero ? 10 : 1000;
            for (int round = 0; Volatile.Read(ref _writing) > 0 && !Volatile.Read(ref _failed); round++)
            {
                int writer = random.Next(Writers), added = Volatile.Read(ref _added[writer]);
                if (added > 0)
                {
                    long[] ids = [.. Enumerable.Range(0, 5).Select(_ => (long)(writer * IdsEach + random.Next(added))).Distinct().Where(id => !_removed[id])];
                    Assert.Equal(ids.Length, _index.Remove(ids));
                    foreach (long id in ids)
                        Volatile.Write(ref _removed[id], true);
                    _removals += ids.Length;
                }

                if (round % compactEach == compactEach - 1)
                {
                    _index.Compact(new BuildOptions { Threads = 1 }, cancellationToken: Cancellation);
                    _compactions++;
                }

                Thread.Sleep(1);
            }
        }

        private void Search(int searcher)
        {
            var random = new SeededRandom((ulong)searcher, 6);
            // Of the last so little passes that a batch copies it first.
            (int Part, SearchFilter? Filter)[] filters = [(1, null), (2, SearchFilter.Where(id => id % 2 == 0)), (32, SearchFilter.Where(id => id % 32 == 0))];
            var removedBefore = new bool[_removed.Length];
            while (Volatile.Read(ref _writing) > 0 && !Volatile.Read(ref _failed))
            {
                _removed.CopyTo(removedBefore, 0);
                int count = searcher == 0 ? 6 : searcher == 1 ? 40 : 1, k = 1 + random.Next(15);
                (int part, SearchFilter? filter) = filters[random.Next(filters.Length)];
                var options = new SearchOptions { Filter = filter, Probes = Math.Min(_index.Lists, 1 + random.Next(16)), Threads = 1 };
                Matrix queries = Pool.Slice(random.Next(Pool.Rows - count), count);
                var answers = new Neighbor[count * k];
                if (count > 1)
                    _index.Search(queries, k, answers, options, Cancellation);
                else
                    _index.Search(queries[0], answers, options);
                for (int i = 0; i < count; i++)
                    Check(queries[i], answers.AsSpan(i * k, k), part, removedBefore);
                Interlocked.Add(ref _searches, count);
            }
        }

        private void Check(ReadOnlySpan<float> query, ReadOnlySpan<Neighbor> answers, int part, bool[] removedBefore)
        {
            float last = float.NegativeInfinity;
            for (int i = 0; i < answers.Length && answers[i].Id >= 0; i++)
            {
                (long id, float distance) = answers[i];
                Assert.InRange(id, 0, _begun.Length - 1);
                Assert.True(Volatile.Read(ref _begun[id]), $"{id} was not added yet");
                Assert.False(removedBefore[id], $"{id} was removed before");
                Assert.Equal(0, id % part);
                Assert.True(distance >= last);
                last = distance;
                for (int j = 0; j < i; j++)
                    Assert.NotEqual(id, answers[j].Id);
                if (_measures)
                    Assert.Equal(ExactNeighbors.Distance(_metric, query, Vector(id)), distance, 1e-3);
                Interlocked.Increment(ref _answers);
            }
        }

        private static ReadOnlySpan<float> Vector(long id) => Pool[(int)(id * 31 % Pool.Rows)];
    }
}
