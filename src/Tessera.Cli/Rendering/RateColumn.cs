using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tessera.Cli.Rendering;

/// <summary>Steps of a progress bar in a second.</summary>
internal sealed class RateColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.Speed is { } speed and > 0 ? $"{Figures.Rate(speed)}/s" : "");
}
