using System.Text.Json;
using Tessera.SemanticIds.Codes;
using Tessera.SemanticIds.Neural;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Files;

/// <summary>The files of an <see cref="RQVAE"/>: the options that describe the model, under the names of the Python package, and all arrays.</summary>
internal static class RQVAEFile
{
    private const string Arrays = "model.npz";
    private const string MeanAndScale = "mean_and_scale";

    public static void Write(string folder, RQVAEOptions options, Autoencoder model) =>
        ModelFolder.Write(folder, Arrays, ArraysOf(model), json =>
        {
            json.WriteString("type", RQVAE.TypeName);
            json.WriteNumber("in_dim", model.Dimension);
            WriteList(json, "num_emb_list", options.Clusters);
            json.WriteNumber("e_dim", model.Levels.Dimension);
            WriteList(json, "layers", options.Layers);
            json.WriteBoolean("shortcut", options.Shortcut);
            json.WriteBoolean("freeze_encoder", options.FreezeEncoder);
            json.WriteString("loss_type", options.Loss == ReconstructionLoss.Absolute ? "l1" : "mse");
            json.WriteNumber("quant_loss_weight", options.QuantizationWeight);
            json.WriteNumber("beta", options.Commitment);
            json.WriteBoolean("kmeans_init", options.WarmStart);
            json.WriteNumber("lr", options.LearningRate);
            json.WriteNumber("weight_decay", options.WeightDecay);
            json.WriteNumber("batch_size", options.BatchSize);
            json.WriteNumber("epochs", options.Epochs);
            json.WriteNumber("random_state", options.Seed);
        });

    public static (RQVAEOptions Options, Autoencoder Model) Read(string folder)
    {
        ModelMetadata metadata = ModelMetadata.Read(folder);
        if (metadata.Type != RQVAE.TypeName)
            throw metadata.Error($"the model is a '{metadata.Type}', not an {RQVAE.TypeName}.");
        const int Most = 1 << 24;
        var options = new RQVAEOptions
        {
            Clusters = metadata.Wholes("num_emb_list", 1, Most),
            LatentDimension = metadata.Whole("e_dim", 1, Most),
            Layers = metadata.Wholes("layers", 1, Most),
            Shortcut = metadata.Has("shortcut") && metadata.Flag("shortcut"),
            FreezeEncoder = metadata.Has("freeze_encoder") && metadata.Flag("freeze_encoder"),
            Loss = metadata.Text("loss_type") == "l1" ? ReconstructionLoss.Absolute : ReconstructionLoss.Squared,
            QuantizationWeight = metadata.Number("quant_loss_weight", 0, 1e5),
            Commitment = metadata.Number("beta", 0, 1e5),
            WarmStart = metadata.Flag("kmeans_init"),
            LearningRate = metadata.Number("lr", double.Epsilon, 1e5),
            WeightDecay = metadata.Number("weight_decay", 0, 1e5),
            BatchSize = metadata.Whole("batch_size", 1, int.MaxValue),
            Epochs = metadata.Whole("epochs", 1, int.MaxValue),
            Seed = metadata.Seed("random_state"),
        };
        if (!File.Exists(Path.Combine(folder, Arrays)) && File.Exists(Path.Combine(folder, "model.pt")))
            throw metadata.Error("this is a model of the Python package, whose networks are a pickle of torch; only its RQKMeans can be read.");
        int dimension = metadata.Whole("in_dim", 1, Most);
        if (options.Clusters.Count == 0 || (options.Shortcut && options.LatentDimension != dimension))
            throw metadata.Error("the options contradict each other; the file is damaged.");
        return (options, ReadModel(metadata, options, dimension));
    }

    private static IEnumerable<KeyValuePair<string, Matrix>> ArraysOf(Autoencoder model)
    {
        for (int level = 0; level < model.Levels.Count; level++)
            yield return KeyValuePair.Create(RQKMeansFile.Name(level), model.Levels.Entries(level));
        foreach ((string part, Mlp network) in ((string, Mlp)[])[("encoder", model.Encoder), ("decoder", model.Decoder)])
        {
            for (int i = 0; i < network.Layers.Count; i++)
            {
                yield return KeyValuePair.Create(Weights(part, i), new Matrix(network.Layers[i].Weights.Values, network.Layers[i].Outputs));
                yield return KeyValuePair.Create(Bias(part, i), new Matrix(network.Layers[i].Bias.Values, network.Layers[i].Outputs));
            }
        }

        yield return KeyValuePair.Create(MeanAndScale, new Matrix((float[])[.. model.Mean, model.Scale], model.Dimension + 1));
    }

    private static Autoencoder ReadModel(ModelMetadata metadata, RQVAEOptions options, int dimension)
    {
        int[] sizes = [dimension, .. options.Layers, options.LatentDimension];
        int[] clusters = [.. options.Clusters];
        Matrix[] codebooks = ModelFolder.ReadArrays(metadata, Arrays, [.. Enumerable.Range(0, clusters.Length).Select(RQKMeansFile.Name)]);
        RQKMeansFile.RequireShapes(metadata, codebooks, clusters, options.LatentDimension);
        Matrix moments = ModelFolder.ReadArrays(metadata, Arrays, [MeanAndScale])[0];
        if (moments.Rows != 1 || moments.Dimension != dimension + 1 || !(moments.Span[dimension] > 0))
            throw metadata.Error($"{MeanAndScale} has {moments.Rows} rows of {moments.Dimension} numbers where one of {dimension + 1} is announced, the last above 0.");
        return new Autoencoder(
            ReadNetwork(metadata, "encoder", sizes, options.Shortcut),
            ReadNetwork(metadata, "decoder", [.. sizes.Reverse()], options.Shortcut),
            new ResidualLevels(codebooks),
            moments.Span[..dimension].ToArray(),
            moments.Span[dimension]);
    }

    private static Mlp ReadNetwork(ModelMetadata metadata, string part, int[] sizes, bool shortcut)
    {
        string[] names = [.. Enumerable.Range(0, sizes.Length - 1).SelectMany(i => (string[])[Weights(part, i), Bias(part, i)])];
        Matrix[] arrays = ModelFolder.ReadArrays(metadata, Arrays, names);
        for (int i = 0; i < arrays.Length; i++)
        {
            int rows = i % 2 == 0 ? sizes[i / 2] : 1, columns = sizes[i / 2 + 1];
            if (arrays[i].Rows != rows || arrays[i].Dimension != columns)
                throw metadata.Error($"{names[i]} has {arrays[i].Rows} rows of {arrays[i].Dimension} numbers where {rows} of {columns} are announced.");
        }

        var network = new Mlp(sizes, shortcut);
        for (int i = 0; i < arrays.Length; i++)
        {
            DenseLayer layer = network.Layers[i / 2];
            arrays[i].Span.CopyTo((i % 2 == 0 ? layer.Weights : layer.Bias).Values);
        }

        return network;
    }

    private static string Weights(string part, int layer) => $"{part}_{layer}_weights";

    private static string Bias(string part, int layer) => $"{part}_{layer}_bias";

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
