using Tessera.Cli.Rendering;
using Tessera.Colors.Indexes;

namespace Tessera.Cli.Colors;

/// <summary>A setting of the index that was measured.</summary>
internal sealed record TunedSetting(int Lists, int Subquantizers, int Bits, int Probes, double Recall, double Milliseconds, long Bytes)
{
    public static TunedSetting Of(AnnSetting setting) => new(
        setting.Config.Lists, setting.Config.Subquantizers, setting.Config.Bits, setting.Config.Probes,
        Figures.Significant(setting.Recall, 4), Figures.Significant(setting.MeanMilliseconds, 3), setting.MeasuredBytes);
}
