using System.CommandLine;
using Tessera.Benchmarks.Data;

namespace Tessera.Benchmarks.Compare;

/// <summary><c>compare --data DIR</c>: Tessera beside the peers on this machine.</summary>
internal static class CompareCommand
{
    private const string DebianPython = "/usr/bin/python3";

    private static readonly string[] Libraries = ["faiss", "hnswlib", "sklearn"];

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder that 'prepare' made.", Required = true };
        var threads = new Option<int>("--threads") { Description = "Threads of Tessera and the peers.", DefaultValueFactory = _ => 1 };
        var rounds = new Option<int>("--rounds") { Description = "Times that each task is given to each library.", DefaultValueFactory = _ => 3 };
        var only = new Option<string>("--only") { Description = $"Sections to run, with commas between: {string.Join(", ", Section.Names)}.", DefaultValueFactory = _ => "" };
        var target = new Option<string>("--out") { Description = "Folder for the table and the plots.", DefaultValueFactory = _ => "bench/results" };
        var python = new Option<string>("--python")
        {
            Description = "Interpreter that has the peers.",
            DefaultValueFactory = _ => File.Exists(DebianPython) ? DebianPython : "python3",
        };
        var command = new Command("compare", "Runs Tessera and the Python libraries in alternation, and saves a table with the ratios.") { data, threads, rounds, only, target, python };
        command.SetAction(parsed => Program.Guard(() => Run(new CompareOptions
        {
            Data = parsed.GetRequiredValue(data),
            Threads = parsed.GetValue(threads),
            Rounds = parsed.GetValue(rounds),
            Only = parsed.GetRequiredValue(only).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Out = parsed.GetRequiredValue(target),
            Python = parsed.GetRequiredValue(python),
        })));
        return command;
    }

    private static void Run(CompareOptions options)
    {
        DataSet mnist = DataSet.Mnist(options.Data), glove = DataSet.Glove(options.Data);
        Section[] sections = [.. Chosen(options, Section.All(mnist, glove, options.Threads))];
        using var tessera = new TesseraRunner();
        IRunner[] peers = [.. Libraries.Select(library => Start(library, options)).OfType<IRunner>()];
        try
        {
            var report = new Report(CommandLine(options), options.Threads, options.Rounds, new[] { mnist, glove }.Where(set => set.Exists), [tessera, .. peers]);
            var comparison = new Comparison(tessera, peers, options.Rounds, Console.Error);
            TesseraRunner.WarmUp();
            foreach (Section section in sections)
                Run(section, comparison, report, options);
            Console.Write(report.Text);
            Save(options, $"{TableName(options)}.md", report.Text);
        }
        finally
        {
            foreach (IRunner peer in peers)
                peer.Dispose();
        }
    }

    /// <summary>Runs a section's lines, then compares and draws the curves that they make.</summary>
    private static void Run(Section section, Comparison comparison, Report report, CompareOptions options)
    {
        Outcome[] outcomes = [.. section.Works.Select(comparison.Run)];
        CurveComparison[] curves =
        [
            .. outcomes
                .Where(outcome => outcome.Work.TradeOff is not null)
                .GroupBy(outcome => outcome.Work.TradeOff!)
                .Select(points => new CurveComparison(points.Key, [.. points], comparison.Tessera)),
        ];
        var plots = new List<(string, string)>();
        foreach (CurveComparison curve in curves)
        {
            if (curve.Plot() is not string svg)
                continue;
            string file = $"{TableName(options)}-{curve.TradeOff.FileName}.svg";
            Save(options, file, svg);
            plots.Add((curve.TradeOff.Title, file));
        }

        report.Add(section.Title, [.. outcomes.SelectMany(outcome => outcome.Rows), .. curves.SelectMany(curve => curve.Rows)], plots);
    }

    private static IEnumerable<Section> Chosen(CompareOptions options, IReadOnlyList<Section> all)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, "--threads");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rounds, 1, "--rounds");
        foreach (string name in options.Only)
        {
            if (!Section.Names.Contains(name))
                throw new ArgumentException($"--only knows {string.Join(", ", Section.Names)}, not '{name}'.");
        }

        if (all.All(section => section.Works.Count == 0))
            throw new FileNotFoundException($"{options.Data} has neither mnist-base.npy nor glove-base.npy with their queries and truth; make them with 'prepare'.");
        return all.Where(section => options.Only.Count == 0 || options.Only.Contains(section.Name));
    }

    private static PythonRunner? Start(string library, CompareOptions options)
    {
        try
        {
            return new PythonRunner(options.Python, library, options.Threads);
        }
        catch (RunnerException exception)
        {
            Console.Error.WriteLine($"Without {library}: {exception.Message}");
            return null;
        }
    }

    private static void Save(CompareOptions options, string file, string text)
    {
        Directory.CreateDirectory(options.Out);
        string path = Path.Combine(options.Out, file);
        File.WriteAllText(path, text);
        Console.Error.WriteLine($"Saved as {path}");
    }

    /// <summary>A part of the comparison does not replace the whole.</summary>
    private static string TableName(CompareOptions options) =>
        Machine.FileName + (options.Only.Count == 0 ? "" : $".{string.Join('-', options.Only)}");

    private static string CommandLine(CompareOptions options)
    {
        string only = options.Only.Count == 0 ? "" : $" --only {string.Join(',', options.Only)}";
        return $"dotnet run -c Release --project bench/Tessera.Benchmarks -- compare --data DIR --threads {options.Threads} --rounds {options.Rounds}{only}";
    }
}
