using System.Diagnostics;
using Tessera.Benchmarks.Compare;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Large;

/// <summary>Builds the index block by block, then searches the file, cold and warm.</summary>
internal static class LargeRun
{
    private const int K = 10;

    /// <summary>Vectors added at a time.</summary>
    private const int BlockRows = 1 << 16;

    /// <summary>Training vectors for each list: more would be little better, and several times as long.</summary>
    private const int PointsPerList = 64;

    /// <summary>Lists visited, and candidates for each answer that are ranked by their vectors.</summary>
    private static readonly (int Probes, int Rerank)[] Settings = [(4, 4), (8, 10), (16, 20), (32, 40), (64, 80)];

    public static void Execute(LargeOptions options)
    {
        string path = Path.Combine(options.Folder, $"tessera-large-{Environment.ProcessId}.tsr");
        var stream = new ClusteredStream(options.Dimension);
        var report = new LargeReport(options);
        try
        {
            Build(options, stream, path, report);
            Matrix queries = stream.Queries(options.Queries);
            Say("finding the true neighbours");
            GroundTruth truth = GroundTruth.Compute(Blocks(stream, options), queries, K);
            Search(options, path, queries, truth, report);
        }
        finally
        {
            File.Delete(path);
        }

        Console.Write(report.Text);
        Directory.CreateDirectory(options.Out);
        File.WriteAllText(Path.Combine(options.Out, $"{Machine.FileName}.large.md"), report.Text);
    }

    private static void Build(LargeOptions options, ClusteredStream stream, string path, LargeReport report)
    {
        using VectorIndex index = IndexFactory.Create(options.Specification, options.Dimension);
        var building = new BuildOptions { SpillFolder = options.Folder, MaxPointsPerCentroid = PointsPerList };
        Stopwatch training = new(), adding = new(), saving = new();
        Train(index, stream, options, building, training);
        Say($"trained in {training.Elapsed.TotalSeconds:0} s, peak {ProcessMemory.Peak / 1e6:0} MB");
        report.Built("training", training, ProcessMemory.Peak);
        foreach (Matrix block in Blocks(stream, options))
        {
            adding.Start();
            index.Add(block, options: building);
            adding.Stop();
            if (index.Count % (16 * BlockRows) == 0)
                Say($"{index.Count:N0} added in {adding.Elapsed.TotalSeconds:0} s, {ProcessMemory.Anonymous / 1e6:0} MB of its own");
        }

        report.Built("adding", adding, ProcessMemory.Peak);
        report.AnonymousAfterAdding = ProcessMemory.Anonymous;
        saving.Start();
        index.Save(path);
        saving.Stop();
        report.Built("saving", saving, ProcessMemory.Peak);
        report.FileBytes = new FileInfo(path).Length;
    }

    /// <summary>The first rows are as good a sample as any: each row is drawn independently.</summary>
    private static void Train(VectorIndex index, ClusteredStream stream, LargeOptions options, BuildOptions building, Stopwatch training)
    {
        var sample = new float[Math.Min(index.TrainingVectors(building), options.Vectors) * options.Dimension];
        stream.Fill(0, sample);
        Say($"training on {sample.Length / options.Dimension:N0}");
        training.Start();
        index.Train(new Matrix(sample, options.Dimension), building);
        training.Stop();
    }

    private static void Search(LargeOptions options, string path, Matrix queries, GroundTruth truth, LargeReport report)
    {
        var answers = new Neighbor[queries.Rows * K];
        using (VectorIndex index = VectorIndex.Open(path, verify: false))
        {
            // So that the cold passes wait for the disk and not for the compiler.
            foreach ((int probes, int rerank) in Settings)
                Pass(index, queries, answers, probes, rerank);
        }

        foreach ((int probes, int rerank) in Settings)
        {
            PageCache.Drop(path);
            long read = ProcessMemory.ReadFromDisk;
            var opening = Stopwatch.StartNew();
            using VectorIndex index = VectorIndex.Open(path, verify: false);
            opening.Stop();
            long readToOpen = ProcessMemory.ReadFromDisk - read;
            double[] cold = Pass(index, queries, answers, probes, rerank);
            long readToSearch = ProcessMemory.ReadFromDisk - read - readToOpen;
            double[] warm = Pass(index, queries, answers, probes, rerank);
            double recall = Tessera.Search.Recall.Of(answers, K, truth);
            report.Searched(probes, rerank, recall, opening.Elapsed.TotalSeconds, readToOpen, cold, readToSearch, warm);
            report.AnonymousWhileSearching = ProcessMemory.Anonymous;
            Say($"{probes} probes, rerank {rerank}: recall {recall:0.000}, {cold.Average():0.00} ms cold, {warm.Average():0.00} ms warm");
        }
    }

    /// <summary>Answers the queries one after the other.</summary>
    /// <returns>Milliseconds of each.</returns>
    private static double[] Pass(VectorIndex index, Matrix queries, Neighbor[] answers, int probes, int rerank)
    {
        var search = new SearchOptions { Probes = probes, RerankFactor = rerank };
        var times = new double[queries.Rows];
        for (int i = 0; i < queries.Rows; i++)
        {
            long start = Stopwatch.GetTimestamp();
            index.Search(queries[i], answers.AsSpan(i * K, K), search);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return times;
    }

    /// <summary>All vectors, in one block of memory that is filled again and again.</summary>
    private static IEnumerable<Matrix> Blocks(ClusteredStream stream, LargeOptions options)
    {
        var room = new float[BlockRows * options.Dimension];
        for (int start = 0; start < options.Vectors; start += BlockRows)
        {
            Memory<float> rows = room.AsMemory(0, Math.Min(BlockRows, options.Vectors - start) * options.Dimension);
            stream.Fill(start, rows);
            yield return new Matrix(rows, options.Dimension);
        }
    }

    private static void Say(string what) => Console.Error.WriteLine(what);
}
