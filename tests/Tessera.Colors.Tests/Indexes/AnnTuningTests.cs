using Tessera.Colors.Indexes;
using Tessera.Vectors;

namespace Tessera.Colors.Tests.Indexes;

public sealed class AnnTuningTests
{
    [Fact]
    public void Tuning_gives_a_table_and_recommends_a_setting_of_it()
    {
        Matrix images = PaintedHistograms.Make(600), queries = PaintedHistograms.Make(20, seed: 3);
        var options = new AnnTuningOptions { Configs = [new ColorConfig { Lists = 16, Probes = 1 }, new ColorConfig { Kind = AnnIndexKind.Hnsw }], Candidates = 100, Recall = 0.97 };
        var reported = new List<AnnSetting>();

        AnnTuning tuning = AnnTuning.Tune(images, queries, options, null, new Collected(reported));

        Assert.Equal(tuning.Settings, reported);
        Assert.Contains(tuning.Recommended, tuning.Settings);
        Assert.Equal(1, tuning.Settings[0].Config.Probes);
        Assert.Equal(tuning.Settings.Take(tuning.Settings.Count - 1).Select(setting => setting.Config.Probes).Order(), tuning.Settings.Take(tuning.Settings.Count - 1).Select(setting => setting.Config.Probes));
        Assert.True(tuning.Settings[^1].Recall > 0.97, "the graph finds nearly all");
        Assert.All(tuning.Settings, setting => Assert.True(setting.MeasuredBytes > 0 && setting.MeanMilliseconds > 0));
        Assert.True(tuning.Recommended.Recall >= 0.97);
    }

    [Fact]
    public void What_cannot_be_tuned_is_refused()
    {
        Matrix images = PaintedHistograms.Make(10), none = images.Slice(0, 0);

        Assert.Throws<ArgumentException>(() => AnnTuning.Tune(images, none));
        Assert.Throws<ArgumentException>(() => AnnTuning.Tune(none, images));
        Assert.Throws<ArgumentException>(() => AnnTuning.Tune(images, images, new AnnTuningOptions { Configs = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnnTuning.Tune(images, images, new AnnTuningOptions { Recall = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => AnnTuning.Tune(images, images, new AnnTuningOptions { Candidates = 5 }));
    }

    private sealed class Collected(List<AnnSetting> settings) : IProgress<AnnSetting>
    {
        public void Report(AnnSetting value) => settings.Add(value);
    }
}
