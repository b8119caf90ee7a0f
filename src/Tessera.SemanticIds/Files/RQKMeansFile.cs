using System.Text.Json;
using Tessera.SemanticIds.Codes;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Files;

/// <summary>The files of an <see cref="RQKMeans"/>, in the layout of the Python package <c>semantic-id</c>; what it does not know stands under names that it passes over.</summary>
internal static class RQKMeansFile
{
    private const string Arrays = "codebooks.npz";
    private const int MostLevels = 1000;

    public static void Write(string folder, RQKMeansOptions options, ResidualLevels levels) =>
        ModelFolder.Write(
            folder,
            Arrays,
            Enumerable.Range(0, levels.Count).Select(level => KeyValuePair.Create(Name(level), levels.Entries(level))),
            json =>
            {
                json.WriteString("type", RQKMeans.TypeName);
                json.WriteNumber("n_levels", options.Levels);
                json.WriteStartArray("n_clusters");
                foreach (int clusters in options.ClustersByLevel())
                    json.WriteNumberValue(clusters);
                json.WriteEndArray();
                json.WriteString("metric", options.Metric == Metric.Cosine ? "cosine" : "l2");
                json.WriteString("implementation", options.Implementation == RQKMeansImplementation.Constrained ? "constrained" : "kmeans");
                json.WriteNumber("max_iter", options.Iterations);
                json.WriteNumber("tol", options.Tolerance);
                json.WriteNumber("random_state", options.Seed);
                json.WriteNumber("n_init", options.Redo);
                json.WriteNumber("D", levels.Dimension);
                if (levels.Scales is not { } scales)
                    return;
                json.WriteStartArray("residual_scales");
                foreach (float scale in scales)
                    json.WriteNumberValue(scale);
                json.WriteEndArray();
            });

    public static (RQKMeansOptions Options, ResidualLevels Levels) Read(string folder)
    {
        ModelMetadata metadata = ModelMetadata.Read(folder);
        if (metadata.Type != RQKMeans.TypeName)
            throw metadata.Error($"the model is a '{metadata.Type}', not a {RQKMeans.TypeName}.");
        int count = metadata.Whole("n_levels", 1, MostLevels);
        var options = new RQKMeansOptions
        {
            Levels = count,
            Clusters = metadata.Wholes("n_clusters", 1, int.MaxValue),
            Metric = OneOf(metadata, "metric", ("l2", Metric.L2), ("cosine", Metric.Cosine)),
            Implementation = metadata.Has("implementation")
                ? OneOf(metadata, "implementation", ("kmeans", RQKMeansImplementation.KMeans), ("constrained", RQKMeansImplementation.Constrained))
                : RQKMeansImplementation.KMeans,
            NormalizeResiduals = metadata.Has("residual_scales"),
            Iterations = metadata.Whole("max_iter", 1, int.MaxValue),
            Tolerance = metadata.Number("tol", 0, 0.999999),
            Redo = metadata.Has("n_init") ? metadata.Whole("n_init", 1, int.MaxValue) : 1,
            Seed = metadata.Seed("random_state"),
        };
        if (options.Clusters.Count != 1 && options.Clusters.Count != count)
            throw metadata.Error($"'n_clusters' has {options.Clusters.Count} numbers for {count} levels.");
        float[]? scales = options.NormalizeResiduals ? metadata.Numbers("residual_scales", 0, float.MaxValue) : null;
        if (scales is not null && scales.Length != count)
            throw metadata.Error($"'residual_scales' has {scales.Length} numbers for {count} levels.");
        Matrix[] codebooks = ModelFolder.ReadArrays(metadata, Arrays, [.. Enumerable.Range(0, count).Select(Name)]);
        RequireShapes(metadata, codebooks, options.ClustersByLevel(), metadata.Whole("D", 1, int.MaxValue));
        return (options, new ResidualLevels(codebooks, scales));
    }

    public static void RequireShapes(ModelMetadata metadata, Matrix[] codebooks, int[] clusters, int dimension)
    {
        for (int level = 0; level < codebooks.Length; level++)
        {
            Matrix entries = codebooks[level];
            if (entries.Rows != clusters[level] || entries.Dimension != dimension)
                throw metadata.Error($"{Name(level)} has {entries.Rows} rows of {entries.Dimension} numbers where {clusters[level]} of {dimension} are announced.");
            if (!Inputs.AreMeasurable(entries))
                throw metadata.Error($"{Name(level)} has numbers too large to measure distances with.");
        }
    }

    public static string Name(int level) => $"codebook_{level}";

    private static T OneOf<T>(ModelMetadata metadata, string name, params (string Name, T Value)[] choices)
    {
        string text = metadata.Text(name);
        foreach ((string choice, T value) in choices)
        {
            if (choice == text)
                return value;
        }

        throw metadata.Error($"'{name}' is '{text}'; {string.Join(" and ", choices.Select(choice => choice.Name))} are known.");
    }
}
