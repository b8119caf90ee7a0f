using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap.Tests;

public class CodeMapSnapshotTests(PlantedMap planted) : IClassFixture<PlantedMap>
{
    [Theory]
    [InlineData("where is the tide forecast for a harbour computed", "Harbours/TideTable.cs", "ForecastTide")]
    [InlineData("ForecastTide", "Harbours/TideTable.cs", "ForecastTide")]
    [InlineData("forecasting tides", "Harbours/TideTable.cs", "ForecastTide")]
    [InlineData("mooring buoys", "Harbours/TideTable.cs", "MoorAtBuoy")]
    public void A_question_finds_the_code_that_answers_it(string question, string path, string name)
    {
        CodeAnswer first = planted.Map.Query(question, 3)[0];

        Assert.Equal((path, name), (first.Entity.Path, first.Entity.Name));
        Assert.InRange(first.Score, 0.2f, 1.001f);
    }

    [Fact]
    public void Answers_come_best_first_and_bear_their_path_of_clusters()
    {
        CodeMapSnapshot map = planted.Map;

        IReadOnlyList<CodeAnswer> answers = map.Query("planet orbit gravity", 20);

        Assert.Equal(20, answers.Count);
        Assert.Equal(answers.Select(answer => answer.Score).OrderDescending(), answers.Select(answer => answer.Score));
        Assert.All(answers.Take(5), answer => Assert.StartsWith("Orbits/", answer.Entity.Path, StringComparison.Ordinal));
        foreach (CodeAnswer answer in answers)
        {
            Assert.Equal(map.Layers.Select(layer => layer.Number).Reverse(), answer.Clusters.Select(cluster => cluster.Layer));
            int number = map.Entities.Index().Single(entry => entry.Item == answer.Entity).Index;
            foreach (CodeCluster cluster in answer.Clusters.Reverse())
            {
                Assert.Contains(number, cluster.Members);
                number = cluster.Number;
            }
        }
    }

    [Fact]
    public void Code_comes_before_its_test_unless_tests_are_asked_for()
    {
        using var folder = new SourceFolder(
            ("src/Tide.cs", "class Tide { int Forecast(int moon) => Moon.Pull(moon) + Wind.Push(moon); }"),
            ("tests/TideTests.cs", "class TideTests { void Tide_forecast() { } }"));
        using var map = folder.Build();

        Assert.Equal("src/Tide.cs", map.Query("the fastest tide forecast")[0].Entity.Path);
        Assert.Equal("tests/TideTests.cs", map.Query("tests of the tide forecast")[0].Entity.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("the of and")]
    [InlineData("xylophone quagga")]
    [InlineData("?!")]
    public void Words_that_occur_nowhere_find_nothing(string text)
    {
        Assert.Empty(planted.Map.Query(text));
    }

    [Fact]
    public void More_answers_than_entities_are_all_entities()
    {
        using var folder = new SourceFolder(("A.cs", "class Alpha { void Beta() { } }"));
        using var map = folder.Build();

        Assert.Equal(2, map.Query("alpha", 100).Count);
    }

    [Fact]
    public void Examples_are_members_near_the_centroid_without_repeated_names()
    {
        CodeMapSnapshot map = planted.Map;

        foreach (CodeCluster cluster in map.Layers[0].Clusters)
        {
            var examples = map.Examples(cluster, 3);
            Assert.Equal(examples.Count, examples.Select(example => example.DisplayName).Distinct().Count());
            Assert.All(examples, example => Assert.Contains(example, cluster.Members.Select(member => map.Entities[member])));
        }

        Assert.Throws<ArgumentException>(() => map.Examples(map.Layers[1].Clusters[0], 3));
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        using var folder = new SourceFolder(("A.cs", "class Alpha { void Beta() { } }"));
        using var map = folder.Build();

        Assert.Throws<ArgumentOutOfRangeException>(() => map.Query("alpha", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.PathOf(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.PathOf(-1));
    }
}
