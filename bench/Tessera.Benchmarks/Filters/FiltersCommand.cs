using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tessera.Benchmarks.Compare;
using Tessera.Benchmarks.Data;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Filters;

/// <summary><c>filters --data DIR</c>: recall and speed of searches that keep a share of the vectors, spread by chance or all in one place.</summary>
internal static class FiltersCommand
{
    private const int K = 10;
    private static readonly double[] Shares = [0.5, 0.1, 0.01, 0.001];

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder that 'prepare' made.", Required = true };
        var target = new Option<string>("--out") { Description = "Folder for the table.", DefaultValueFactory = _ => "bench/results" };
        var command = new Command("filters", "Measures filtered searches, one thread, against filtered exact search, and saves a table.") { data, target };
        command.SetAction(parsed => Program.Guard(() => Run(parsed.GetRequiredValue(data), parsed.GetRequiredValue(target))));
        return command;
    }

    private static void Run(string folder, string target)
    {
        DataSet mnist = DataSet.Mnist(folder), glove = DataSet.Glove(folder);
        var text = new StringBuilder();
        text.AppendLine("# Filtered search").AppendLine();
        text.AppendLine(Machine.Description).AppendLine();
        text.AppendLine("`dotnet run -c Release --project bench/Tessera.Benchmarks -- filters --data DIR`, one thread, batches of all queries.").AppendLine();
        text.AppendLine("Recall@10 is against exact search with the same filter; *of unfiltered* is its part of the recall without a filter at the same setting. *answers* is the least number that a query got: 10, or all that pass where those are fewer. Where all that pass lie in one place, they are alike, and coarse codes tell them apart less well: visiting more lists finds no more of them.");
        Directory.CreateDirectory(target);
        string path = Path.Combine(target, $"{Machine.FileName}.filters.md");
        if (mnist.Exists)
            Add(text, path, mnist, [("IVF256,Flat", 8), ("IVF256,PQ56", 8), ("IVF256,PQ112x4fs", 8), ("IVF256,PQ56,Refine", 8), ("HNSW16", 64)]);
        if (glove.Exists)
            Add(text, path, glove, [("IVF1024,Flat", 32), ("IVF1024,PQ50", 32), ("IVF1024,PQ50x4fs", 32), ("IVF1024,PQ50,Refine", 32), ("HNSW16", 128)]);
        Console.Write(text);
    }

    private static void Add(StringBuilder text, string path, DataSet data, (string Specification, int Setting)[] kinds)
    {
        text.AppendLine().AppendLine($"## {data.Name}").AppendLine();
        text.AppendLine("| index | setting | vectors that pass | recall@10 | of unfiltered | answers | queries/s |").AppendLine("|---|---|---|---|---|---|---|");
        using var exact = new FlatIndex(data.Base.Dimension);
        exact.Add(data.Base);
        (string Name, SearchFilter? Filter)[] filters =
        [
            ("all", null),
            .. Shares.Select(share => ($"{share:0.#%}, by chance", (SearchFilter?)ByChance(data.Base.Rows, share))),
            ("10%, in one place", Near(exact, data, 0.1)),
            ("1%, in one place", Near(exact, data, 0.01)),
        ];
        Neighbor[][] truths = [.. filters.Select(filter => Search(exact, data.Queries, new SearchOptions { Filter = filter.Filter }))];
        foreach ((string specification, int setting) in kinds)
        {
            Console.Error.WriteLine($"{data.Name} {specification}");
            using VectorIndex index = IndexFactory.Create(specification, data.Base.Dimension);
            index.Train(data.Base);
            index.Add(data.Base);
            double unfiltered = 0;
            for (int i = 0; i < filters.Length; i++)
            {
                var options = new SearchOptions { Probes = Math.Min(setting, index.Lists), EfSearch = setting, Threads = 1, Filter = filters[i].Filter };
                Neighbor[] found = Search(index, data.Queries, options);
                double recall = Recall(truths[i], found), speed = Speed(index, data.Queries, options);
                if (i == 0)
                    unfiltered = recall;
                int least = found.Chunk(K).Min(answers => answers.Count(answer => answer.Id >= 0));
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {specification} | {(index.Knob == SearchKnob.EfSearch ? "ef" : "probes")} {setting} | {filters[i].Name} | {recall:0.0000} | {recall / unfiltered:0.000} | {least} | {speed:N0} |");
            }

            // Graphs take minutes to build; what is measured is kept meanwhile.
            File.WriteAllText(path, text.ToString());
        }
    }

    private static SearchFilter ByChance(int rows, double share)
    {
        int[] ids = new SeededRandom(7, 7).Sample((int)(rows * share), rows);
        return SearchFilter.Ids(ids.Select(id => (long)id));
    }

    /// <summary>The vectors nearest to one of them.</summary>
    private static SearchFilter Near(FlatIndex exact, DataSet data, double share)
    {
        var nearest = new Neighbor[(int)(data.Base.Rows * share)];
        exact.Search(data.Base[1], nearest);
        return SearchFilter.Ids(nearest.Select(neighbor => neighbor.Id));
    }

    private static Neighbor[] Search(VectorIndex index, Matrix queries, SearchOptions options)
    {
        var found = new Neighbor[queries.Rows * K];
        index.Search(queries, K, found, options);
        return found;
    }

    /// <summary>The median of some batches.</summary>
    private static double Speed(VectorIndex index, Matrix queries, SearchOptions options)
    {
        const int Batches = 5;
        var found = new Neighbor[queries.Rows * K];
        var seconds = new double[Batches];
        for (int i = 0; i < Batches; i++)
        {
            long start = Stopwatch.GetTimestamp();
            index.Search(queries, K, found, options);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return queries.Rows / seconds[Batches / 2];
    }

    private static double Recall(Neighbor[] truth, Neighbor[] found)
    {
        long hits = 0, wanted = 0;
        foreach ((Neighbor[] right, Neighbor[] answers) in truth.Chunk(K).Zip(found.Chunk(K)))
        {
            long[] ids = [.. right.Where(answer => answer.Id >= 0).Select(answer => answer.Id)];
            wanted += ids.Length;
            hits += answers.Count(answer => ids.Contains(answer.Id));
        }

        return (double)hits / wanted;
    }
}
