using Tessera.CodeMap.Retrieval;

namespace Tessera.CodeMap.Tests.Retrieval;

public class RetrieverTests(PlantedMap planted) : IClassFixture<PlantedMap>
{
    [Theory]
    [InlineData(RetrievalMode.Hybrid)]
    [InlineData(RetrievalMode.Local)]
    public void Entities_are_found_by_words_and_by_vectors(RetrievalMode mode)
    {
        RetrievalResult result = planted.Map.Retrieve("where is the tide forecast for a harbour computed", new RetrievalOptions { Mode = mode, Limit = 5 });

        Assert.Equal("ForecastTide", result.Entities[0].Entity.Name);
        Assert.Equal(5, result.Entities.Count);
        Assert.Equal(result.Entities.Select(answer => answer.Score).OrderDescending(), result.Entities.Select(answer => answer.Score));
        Assert.All(result.Entities, answer => Assert.Equal(planted.Map.Layers.Count, answer.Clusters.Count));
    }

    [Fact]
    public void The_global_mode_names_the_folder_that_a_broad_question_is_about()
    {
        RetrievalResult result = planted.Map.Retrieve("planets, comets and eclipses", new RetrievalOptions { Mode = RetrievalMode.Global, Limit = 4 });

        Assert.Equal("Orbits", result.Folders[0].Path);
        Assert.Equal("Orbits", result.Clusters[0].Folder);
        Assert.Equal(result.Clusters[0].Cluster, result.Clusters[0].Path[^1]);
        Assert.StartsWith("Orbits/", result.Entities[0].Entity.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bridge_mode_shows_what_leads_from_one_cluster_to_another()
    {
        using SourceFolder folder = Topics.Folder(filesOfEach: 6);
        folder.Write("Bridges/Bridge.cs", "namespace Sample; class InvoicePayment { void RefundCustomerLedgerCurrency() { MeasureVoltageSensorThermometer(); } }");
        folder.Write("Sensors/Probe.cs", "namespace Sample; class ProbeSensor { void MeasureVoltageSensorThermometer() { Firmware.Sampling(); } }");
        using CodeMapSnapshot map = folder.Build();

        RetrievalResult result = map.Retrieve("invoice payment refund and sensor voltage thermometer", new RetrievalOptions { Mode = RetrievalMode.Bridge });

        CodeBridge bridge = result.Bridges[0];
        Assert.Equal(("RefundCustomerLedgerCurrency", "MeasureVoltageSensorThermometer"), (bridge.From.Name, bridge.To.Name));
        Assert.NotEqual(bridge.FromCluster, bridge.ToCluster);
        Assert.True(bridge.Common is null || bridge.Common.Layer > 1);
    }

    [Fact]
    public void A_budget_keeps_what_fits_in_it()
    {
        RetrievalResult whole = planted.Map.Retrieve("orbit planet", new RetrievalOptions { Limit = 10 });
        int letters = whole.Entities.Sum(answer => answer.Entity.Source.Length + answer.Entity.Documentation.Length);

        RetrievalResult part = planted.Map.Retrieve("orbit planet", new RetrievalOptions { Limit = 10, Budget = letters / 8 });

        int kept = part.Entities.Sum(answer => answer.Entity.Source.Length + answer.Entity.Documentation.Length);
        Assert.InRange(kept, 1, letters / 8 * 4);
    }

    [Theory]
    [InlineData(RetrievalMode.Hybrid)]
    [InlineData(RetrievalMode.Local)]
    [InlineData(RetrievalMode.Global)]
    [InlineData(RetrievalMode.Bridge)]
    public void Unknown_words_and_empty_maps_have_no_answers(RetrievalMode mode)
    {
        var options = new RetrievalOptions { Mode = mode };
        using var folder = new SourceFolder();
        using CodeMapSnapshot empty = folder.Build();

        foreach (CodeMapSnapshot map in (CodeMapSnapshot[])[planted.Map, empty])
        {
            RetrievalResult result = map.Retrieve("xylophone quagga", options);
            Assert.Empty(result.Entities);
            Assert.Empty(result.Clusters);
            Assert.Empty(result.Bridges);
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => planted.Map.Retrieve("orbit", new RetrievalOptions { Limit = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => planted.Map.Retrieve("orbit", new RetrievalOptions { Budget = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => planted.Map.Retrieve("orbit", new RetrievalOptions { Mode = (RetrievalMode)9 }));
    }
}
