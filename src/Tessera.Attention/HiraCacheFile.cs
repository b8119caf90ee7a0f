using System.Collections.Frozen;
using System.Globalization;
using Tessera.Attention.Configuration;
using Tessera.Attention.Indexes;
using Tessera.Attention.Storage;
using Tessera.Storage;

namespace Tessera.Attention;

/// <content>Caches as <c>.tsr</c> files: rows and trees as they are, so that a loaded cache answers with the same bits.</content>
public sealed unsafe partial class HiraCache
{
    private const string FileKind = "tessera/kv-cache", LayerPrefix = "layer", ConfigSuffix = ".config";

    /// <summary>Writes the cache; the file appears whole or not at all.</summary>
    /// <param name="path">The file, by custom <c>.tsr</c>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using TsrWriter writer = TsrWriter.Create(path, FileKind);
        writer.WriteText("config", Config.ToJson());
        foreach ((int layer, IndexConfig config) in Options.LayerConfigs.OrderBy(own => own.Key))
            writer.WriteText($"{LayerPrefix}{layer}{ConfigSuffix}", config.ToJson());
        writer.Write<int>(
            "shape",
            [_layout?.Dimension ?? 0, (int)Format, _layers.Count, Options.Sinks, Options.Window, Options.SegmentSize, Options.InsertBatch, Options.MaxLayers]);
        writer.Write<ulong>("seed", [Options.Seed]);
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            LayerIndex? index = _layers[layer];
            writer.Write<int>($"layer{layer}", [index?.Batch ?? 0, index?.Heads ?? 0]);
            for (int unit = 0; index is not null && unit < index.Stores.Length; unit++)
                new HeadWriter(writer, $"layer{layer}.unit{unit}", index.Stores[unit]).Write();
        }

        writer.Commit();
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads of the loaded cache; 0 uses every processor.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is damaged or of another kind.</exception>
    public static HiraCache Load(string path, int threads = 1)
    {
        using TsrReader file = TsrReader.Open(path);
        file.RequireKind(FileKind);
        int[] shape = file.ReadExactly<int>("shape", 8).ToArray();
        HiraCache cache;
        try
        {
            cache = new HiraCache(IndexConfig.FromJson(file.ReadText("config")), new HiraCacheOptions
            {
                Format = (KeyFormat)shape[1],
                Sinks = shape[3],
                Window = shape[4],
                SegmentSize = shape[5],
                InsertBatch = shape[6],
                MaxLayers = shape[7],
                LayerConfigs = LayerConfigsOf(file),
                Seed = file.ReadExactly<ulong>("seed", 1).Span[0],
                Threads = threads,
            });
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw file.Error("config", exception.Message);
        }

        try
        {
            cache.Fill(file, shape[0], shape[2]);
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    private static FrozenDictionary<int, IndexConfig> LayerConfigsOf(TsrReader file)
    {
        var configs = new Dictionary<int, IndexConfig>();
        foreach (TsrSection section in file.Sections)
        {
            if (section.Name.StartsWith(LayerPrefix, StringComparison.Ordinal) && section.Name.EndsWith(ConfigSuffix, StringComparison.Ordinal)
                && int.TryParse(section.Name.AsSpan()[LayerPrefix.Length..^ConfigSuffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int layer))
                configs[layer] = IndexConfig.FromJson(file.ReadText(section.Name));
        }

        return configs.ToFrozenDictionary();
    }

    private void Fill(TsrReader file, int dimension, int layers)
    {
        if (dimension is < 0 or > RowLayout.MostDimension || layers < 0 || layers > Options.MaxLayers || (layers > 0 && dimension == 0))
            throw file.Error("shape", $"{layers} layers of dimension {dimension} make no cache.");
        for (int layer = 0; layer < layers; layer++)
        {
            ReadOnlySpan<int> shape = file.ReadExactly<int>($"layer{layer}", 2).Span;
            if (shape[0] < 0 || shape[1] < 0 || (long)shape[0] * shape[1] > file.Sections.Count)
                throw file.Error($"layer{layer}", $"{shape[0]} texts of {shape[1]} heads make no layer.");
            if (shape[0] * shape[1] == 0)
            {
                _layers.Add(null);
                continue;
            }

            LayerIndex index = Prepare(layer, shape[0], shape[1], dimension);
            for (int unit = 0; unit < index.Stores.Length; unit++)
                new HeadReader(file, $"layer{layer}.unit{unit}", index.Config, Options).ReadInto(index.Stores[unit], _pool);
        }
    }
}
