using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap.Tests;

public class CodeMapBuilderTests
{
    [Fact]
    public void Every_entity_is_in_exactly_one_cluster_of_each_layer_and_sizes_add_up()
    {
        using var folder = Topics.Folder(filesOfEach: 12);
        using var map = folder.Build();

        Assert.Equal(240, map.Entities.Count);
        Assert.Equal([15, 4, 2], map.Layers.Select(layer => layer.Clusters.Count));
        int below = map.Entities.Count;
        foreach (CodeLayer layer in map.Layers)
        {
            Assert.Equal(Enumerable.Range(0, below), layer.Clusters.SelectMany(cluster => cluster.Members).Order());
            Assert.Equal(map.Entities.Count, layer.Clusters.Sum(cluster => cluster.Size));
            Assert.Equal(Enumerable.Range(0, layer.Clusters.Count), layer.Clusters.Select(cluster => cluster.Number));
            below = layer.Clusters.Count;
        }

        for (int i = 0; i + 1 < map.Layers.Count; i++)
            Assert.All(map.Layers[i].Clusters, cluster => Assert.Contains(cluster.Number, map.Layers[i + 1].Clusters[cluster.Parent!.Value].Members));
        Assert.All(map.Layers[^1].Clusters, cluster => Assert.Null(cluster.Parent));
    }

    [Fact]
    public void Clusters_gather_what_is_about_the_same_thing_and_bear_its_words()
    {
        using var folder = Topics.Folder(filesOfEach: 12);
        using var map = folder.Build();

        foreach (CodeCluster cluster in map.Layers[0].Clusters)
        {
            string[] folders = [.. cluster.Members.Select(member => map.Entities[member].Path.Split('/')[0])];
            string most = folders.GroupBy(path => path).MaxBy(group => group.Count())!.Key;
            Assert.True(folders.Count(path => path == most) >= 0.9 * folders.Length, $"{cluster.Label}: {string.Join(' ', folders)}");
            string[] topic = Topics.Words.Single(words => words[0] + "s" == most);
            Assert.Contains(topic, word => cluster.Label.Contains(word, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Siblings_have_different_labels_and_ids_follow_the_reference()
    {
        using var folder = Topics.Folder(filesOfEach: 6);
        using var map = folder.Build(new CodeMapOptions { Repository = "sample" });

        foreach (CodeLayer layer in map.Layers)
        {
            foreach (IGrouping<int?, CodeCluster> siblings in layer.Clusters.GroupBy(cluster => cluster.Parent))
                Assert.Equal(siblings.Count(), siblings.Select(cluster => cluster.Label).Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.All(layer.Clusters, cluster => Assert.Equal($"hirag::layer{layer.Number}::{cluster.Number}::repo::sample", cluster.Id));
            Assert.All(layer.Clusters, cluster => Assert.Equal($"layer{layer.Number}-cluster-{cluster.Number}", cluster.StableLabel));
            Assert.All(layer.Clusters, cluster => Assert.Equal(string.Join(", ", cluster.Words), cluster.Label));
        }
    }

    [Fact]
    public void The_map_is_the_same_whatever_the_threads_and_the_order_in_which_files_were_written()
    {
        using var folder = Topics.Folder(filesOfEach: 8);
        using var shuffled = Topics.Folder(filesOfEach: 8, files => files.Reverse());
        using var one = folder.Build(new CodeMapOptions { Threads = 1 });
        using var two = shuffled.Build(new CodeMapOptions { Threads = 2 });

        Assert.Equal(Describe(one), Describe(two));
        Assert.True(one.Vectors.Span.SequenceEqual(two.Vectors.Span));
    }

    [Fact]
    public void Another_file_changes_no_id()
    {
        using var folder = Topics.Folder(filesOfEach: 4);
        using var before = folder.Build();
        folder.Write("AAA/First.cs", "namespace First; class Comes { void Before() { } }");
        using var after = folder.Build();

        Assert.Equal(before.Entities.Select(entity => entity.Id), after.Entities.Where(entity => entity.Scope is not ("First" or "First.Comes")).Select(entity => entity.Id));
        Assert.Equal(before.Entities.Count + 2, after.Entities.Count);
    }

    [Fact]
    public void Files_that_are_left_out_are_counted()
    {
        using var folder = new SourceFolder(
            ("Good.cs", "class Good { void Method() { } }"),
            ("Broken.cs", "class Broken { void ("),
            ("Huge.cs", "// " + new string('x', 5000)),
            ("Binary.cs", "\0\0\0"),
            ("Made.g.cs", "class Made { }"));
        using var map = folder.Build(new CodeMapOptions { MaxFileBytes = 4096 });

        Assert.Equal(2, map.Files);
        Assert.Equal((1, 1, 1, 0), (map.Skipped.Huge, map.Skipped.Binary, map.Skipped.Generated, map.Skipped.Unreadable));
        Assert.Equal(3, map.Skipped.Total);
        Assert.Equal(["Broken", "Good", "Method"], map.Entities.Select(entity => entity.Name));
    }

    [Fact]
    public void An_empty_folder_gives_an_empty_map()
    {
        using var folder = new SourceFolder();
        using var map = folder.Build();

        Assert.Empty(map.Entities);
        Assert.Empty(map.Layers);
        Assert.Equal(TerminationReason.NoValidClusters, map.Termination.Reason);
        Assert.Empty(map.Query("anything"));
    }

    [Fact]
    public void One_method_gives_a_map_without_layers_that_answers()
    {
        using var folder = new SourceFolder(("A.cs", "class Reader { int ParseNumber(string text) => int.Parse(text); }"));
        using var map = folder.Build();

        Assert.Empty(map.Layers);
        Assert.Equal(TerminationReason.TooFewClusters, map.Termination.Reason);
        CodeAnswer answer = map.Query("parse a number")[0];
        Assert.Equal("ParseNumber", answer.Entity.Name);
        Assert.Empty(answer.Clusters);
    }

    [Fact]
    public void Equal_entities_give_a_smaller_tree()
    {
        using var folder = new SourceFolder([.. Enumerable.Range(0, 40).Select(i => ($"d{i}/Same.cs", "class Same { }"))]);
        using var map = folder.Build();

        Assert.Equal(40, map.Entities.Count);
        Assert.Equal(40, map.Layers[0].Clusters.Sum(cluster => cluster.Size));
        Assert.All(map.Layers[0].Clusters, cluster => Assert.NotEmpty(cluster.Label));
    }

    [Fact]
    public void Progress_names_the_stages_in_their_order()
    {
        using var folder = Topics.Folder(filesOfEach: 4);
        var seen = new Recorder();
        using var map = folder.Build(progress: seen);

        Assert.Equal(["reading files", "embedding", "clustering layer 1", "clustering layer 2", "naming clusters", "summarising", "indexing"], seen.Stages);
        Assert.Equal(16, seen.FilesDone);
        Assert.True(map.Timings.Total > TimeSpan.Zero);
    }

    [Fact]
    public void A_cancelled_build_stops()
    {
        using var folder = Topics.Folder(filesOfEach: 1);

        Assert.ThrowsAny<OperationCanceledException>(() => CodeMapBuilder.Build(folder.Root, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        using var folder = new SourceFolder();

        void Refused(CodeMapOptions options, string name) =>
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(() => folder.Build(options)).Message, StringComparison.Ordinal);
        Refused(new CodeMapOptions { Dimension = 8 }, "Dimension is 8");
        Refused(new CodeMapOptions { Clusters = -1 }, "Clusters is -1");
        Refused(new CodeMapOptions { MinClusters = 1 }, "MinClusters is 1");
        Refused(new CodeMapOptions { MaxDepth = 0 }, "MaxDepth is 0");
        Refused(new CodeMapOptions { MaxFileBytes = 0 }, "MaxFileBytes is 0");
        Refused(new CodeMapOptions { Threads = -1 }, "Threads is -1");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        string missing = Path.Combine(Path.GetTempPath(), "no-such-folder-to-map");

        var error = Assert.Throws<DirectoryNotFoundException>(() => CodeMapBuilder.Build(missing, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Describe(CodeMapSnapshot map) =>
    [
        .. map.Entities.Select(entity => $"{entity.Id} {entity.ContentHash}"),
        .. map.Layers.SelectMany(layer => layer.Clusters).Select(cluster => $"{cluster.Id} {cluster.Label} {string.Join(' ', cluster.Members)}"),
    ];

    private sealed class Recorder : IProgress<CodeMapProgress>
    {
        private readonly Lock _lock = new();

        public List<string> Stages { get; } = [];

        public int FilesDone { get; private set; }

        public void Report(CodeMapProgress value)
        {
            lock (_lock)
            {
                if (!Stages.Contains(value.Stage))
                    Stages.Add(value.Stage);
                if (value.Stage == "reading files")
                    FilesDone = Math.Max(FilesDone, value.Done);
            }
        }
    }
}
