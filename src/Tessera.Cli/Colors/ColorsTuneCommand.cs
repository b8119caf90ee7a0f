using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Colors.Collections;
using Tessera.Colors.Indexes;

namespace Tessera.Cli.Colors;

/// <summary><c>tessera colors tune</c>: settings of the index, measured on its own images.</summary>
internal sealed class ColorsTuneCommand : CliCommand
{
    private readonly Option<string> _index = ColorsOptions.Index();

    private readonly Option<float> _recall = new("--recall")
    {
        Description = "Share of the true nearest that are to be among the candidates.",
        HelpName = "X",
        DefaultValueFactory = _ => 0.95f,
        CustomParser = result => Number.Parse<float>(result, value => value is > 0 and <= 1, "a number above 0 and at most 1") ?? default,
    };

    private readonly Option<bool> _apply = new("--apply") { Description = "Train the index anew with the recommended settings." };

    public ColorsTuneCommand()
        : base("tune", "Measure settings of the index on its own images, and recommend the fastest that is good enough.", "tessera colors tune --index pictures.colors --apply")
    {
        Add(_index);
        Add(_recall);
        Add(_apply);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        using ColorCollection collection = ColorsOptions.Open(context.Get(_index));
        AnnTuning tuning = collection.Tune(new AnnTuningOptions { Recall = context.Get(_recall) }, null, cancellationToken);
        bool apply = context.Find(_apply);
        if (apply)
            context.Progress.Run(progress =>
            {
                collection.Save(tuning.Recommended.Config, progress, cancellationToken);
                return 0;
            });
        var result = new ColorsTuneResult([.. tuning.Settings.Select(TunedSetting.Of)], TunedSetting.Of(tuning.Recommended), apply);
        context.Present(result, ColorsJson.Default.ColorsTuneResult, Render);
    }

    private static void Render(IAnsiConsole console, ColorsTuneResult result)
    {
        Table table = FigureTable.Columns("lists", "M", "bits", "probes", "recall", "ms", "memory", "");
        foreach (TunedSetting setting in result.Settings)
        {
            string mark = setting == result.Recommended ? result.Applied ? "taken" : "recommended" : "";
            table.AddRow($"{setting.Lists}", $"{setting.Subquantizers}", $"{setting.Bits}", $"{setting.Probes}", Figures.Fixed(setting.Recall, 3), Figures.Fixed(setting.Milliseconds, 2), Figures.Bytes(setting.Bytes), mark);
        }

        console.Write(table);
    }
}
