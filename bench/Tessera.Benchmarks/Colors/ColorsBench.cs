using System.CommandLine;
using System.Diagnostics;
using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Indexes;
using Tessera.Colors.Palettes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Colors;

/// <summary><c>colors [--images N] [--photos FOLDER]</c>: what an index of histograms takes and how fast it answers; how fast photographs are read.</summary>
internal static class ColorsBench
{
    private const int Block = 1 << 14, Queries = 200, Candidates = 512;

    public static Command Create()
    {
        var images = new Option<int>("--images") { Description = "Generated histograms in the index; 0 for no index.", DefaultValueFactory = _ => 1_000_000 };
        var photos = new Option<DirectoryInfo?>("--photos") { Description = "A folder of photographs to decode." };
        var command = new Command("colors", "Measures colour search: the memory and the time of an index, and the parts of indexing photographs.") { images, photos };
        command.SetAction(parsed => Program.Guard(() =>
        {
            if (parsed.GetValue(photos) is { } folder)
                Photographs(folder);
            if (parsed.GetValue(images) is > 0 and int count)
                Index(count);
        }));
        return command;
    }

    private static void Photographs(DirectoryInfo folder)
    {
        var decoder = new VipsImageDecoder();
        string[] files = [.. folder.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => ImageFormats.Extensions.Contains(file.Extension.ToLowerInvariant())).Select(file => file.FullName)];
        if (files.Length == 0)
            throw new ArgumentException($"{folder.FullName} holds no images.");
        // The first pass compiles and fills the page cache.
        for (int pass = 0; pass < 3; pass++)
        {
            long decoding = 0, counting = 0, extracting = 0, pixels = 0, start = Stopwatch.GetTimestamp();
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            Parallel.ForEach(files, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new float[HistogramGrid.TotalBins], (file, _, histogram) =>
            {
                long a = Stopwatch.GetTimestamp();
                DecodedImage image = decoder.Decode(file);
                long b = Stopwatch.GetTimestamp();
                ColorHistogram.Compute(image, histogram);
                long c = Stopwatch.GetTimestamp();
                Palette.Extract(image);
                Interlocked.Add(ref decoding, b - a);
                Interlocked.Add(ref counting, c - b);
                Interlocked.Add(ref extracting, Stopwatch.GetTimestamp() - c);
                Interlocked.Add(ref pixels, (long)image.OriginalWidth * image.OriginalHeight);
                return histogram;
            }, _ => { });
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, each = 1000.0 / Stopwatch.Frequency / files.Length;
            double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / files.Length;
            if (pass == 0)
                continue;
            Console.WriteLine($"{files.Length} images of {pixels / 1e6 / files.Length:F2} megapixels on {Environment.ProcessorCount} cores: {files.Length / seconds:F0}/s; each {processor:F2} ms of processor;"
                + $" wall: decoding {decoding * each:F2} ms, histogram {counting * each:F2} ms, palette {extracting * each:F2} ms");
        }
    }

    private static void Index(int count)
    {
        using var index = new AnnIndex();
        long start = Stopwatch.GetTimestamp();
        index.Train(GeneratedHistograms.Make(index.Config.TrainingSize(Math.Min(count, 100_000)), seed: 1));
        Print("training, s", Stopwatch.GetElapsedTime(start).TotalSeconds);

        double making = 0, adding = 0;
        for (int added = 0; added < count; added += Block)
        {
            start = Stopwatch.GetTimestamp();
            Matrix block = GeneratedHistograms.Make(Math.Min(Block, count - added), seed: 2 + added);
            making += Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            index.Add(block);
            adding += Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Print("making the histograms, s", making);
        Print("adding, s", adding);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        foreach (var (name, value) in index.GetMemoryUsageEstimate())
            Print(name, value);
        Print("measured, MB", index.GetMemoryUsageEstimate()["measured_bytes"] / 1e6);
        Print("managed heap, MB", GC.GetTotalMemory(forceFullCollection: true) / 1e6);
        using var process = Process.GetCurrentProcess();
        Print("resident memory of the process, MB", process.WorkingSet64 / 1e6);

        Matrix queries = GeneratedHistograms.Make(Queries, seed: 1_000_003);
        var results = new Neighbor[Candidates];
        foreach (int probes in (int[])[10, 30, 100])
        {
            var milliseconds = new double[Queries];
            for (int round = 0; round < 2; round++)
            {
                for (int query = 0; query < Queries; query++)
                {
                    start = Stopwatch.GetTimestamp();
                    index.Search(queries[query], results, null, probes);
                    milliseconds[query] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                }
            }

            Array.Sort(milliseconds);
            Console.WriteLine($"{Candidates} candidates, {probes,3} probes, ms         p50 {milliseconds[Queries / 2]:F2}, p95 {milliseconds[Queries * 95 / 100]:F2}");
        }
    }

    private static void Print(string what, double value) => Console.WriteLine($"{what,-36} {value:F3}");
}
