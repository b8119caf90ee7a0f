using Tessera.CodeMap;
using Tessera.Quantization;

namespace Tessera.Cli.Demo;

/// <summary>Shows the stages of a map's building as the bars of the other commands.</summary>
internal sealed class MapProgress(IProgress<TrainingProgress> progress) : IProgress<CodeMapProgress>
{
    public void Report(CodeMapProgress value) => progress.Report(new TrainingProgress(value.Stage, value.Done, value.Total));
}
