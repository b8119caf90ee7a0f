using Tessera.Attention.Configuration;
using Tessera.Attention.Indexes;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;
using Tessera.Storage;

namespace Tessera.Attention;

/// <content>Caches as <c>.tsr</c> files: rows and trees as they are, so that a loaded cache answers with the same bits.</content>
public sealed unsafe partial class HiraCache
{
    private const string FileKind = "tessera/kv-cache";

    // Sizes of a store before those of its segments.
    private const int StoreNumbers = 5;

    /// <summary>Writes the cache; the file appears whole or not at all.</summary>
    /// <param name="path">The file, by custom <c>.tsr</c>.</param>
    /// <exception cref="NotSupportedException">The cache has product codes; build it anew from its keys instead.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Config is ProductQuantizationIndexConfig)
            throw new NotSupportedException("Caches with product codes are not saved; save a kmeans or incremental cache.");
        using TsrWriter writer = TsrWriter.Create(path, FileKind);
        writer.WriteText("config", Config.ToJson());
        writer.Write<int>("shape", [_layout?.Dimension ?? 0, (int)Format, _layers.Count, Options.Sinks, Options.Window, Options.SegmentSize, Options.InsertBatch]);
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            LayerIndex? index = _layers[layer];
            writer.Write<int>($"layer{layer}", [index?.Batch ?? 0, index?.Heads ?? 0]);
            for (int unit = 0; index is not null && unit < index.Stores.Length; unit++)
                Write(writer, $"layer{layer}.unit{unit}", index.Stores[unit]);
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
        int[] shape = file.ReadExactly<int>("shape", 7).ToArray();
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

    private static void Write(TsrWriter writer, string name, HeadStore store)
    {
        var numbers = new List<int> { store.Length, store.SinkCount, store.TailCount, store.Segments.Count, store.Insertions };
        foreach (Segment segment in store.Segments)
        {
            numbers.AddRange([segment.Count, segment.Capacity, segment.First, segment.End, segment.IsOpen ? 1 : 0, segment.Levels.Count]);
            foreach (ClusterLevel level in segment.Levels)
                numbers.AddRange([level.Slots, level.Count]);
        }

        writer.Write<int>($"{name}.shape", numbers.ToArray());
        writer.Write<double>($"{name}.bounds", [store.LongestKey, store.LongestValue, store.BuiltMeanSquare]);
        int pitch = store.Layout.Pitch;
        writer.Begin<byte>($"{name}.rows");
        writer.Append(new ReadOnlySpan<byte>(store.Sinks, store.SinkCount * pitch));
        writer.Append(new ReadOnlySpan<byte>(store.Tail, checked(store.TailCount * pitch)));
        foreach (Segment segment in store.Segments)
            writer.Append(new ReadOnlySpan<byte>(segment.Rows, checked(segment.Capacity * pitch)));
        writer.End();
        writer.Begin<int>($"{name}.positions");
        foreach (Segment segment in store.Segments)
            writer.Append(new ReadOnlySpan<int>(segment.Positions, segment.Capacity));
        writer.End();
        writer.Begin<float>($"{name}.means");
        foreach (Segment segment in store.Segments)
        {
            foreach (ClusterLevel level in segment.Levels)
                writer.Append(new ReadOnlySpan<float>(level.Mean(0), level.Slots * 2 * level.Stride));
        }

        writer.End();
        writer.Begin<byte>($"{name}.clusters");
        foreach (Segment segment in store.Segments)
        {
            foreach (ClusterLevel level in segment.Levels)
                writer.Append(new ReadOnlySpan<byte>(level.Nodes, level.Slots * sizeof(ClusterNode)));
        }

        writer.End();
    }

    private void Fill(TsrReader file, int dimension, int layers)
    {
        if (dimension < 0 || layers < 0 || layers > Options.MaxLayers || (layers > 0 && dimension == 0))
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
                Read(file, $"layer{layer}.unit{unit}", index.Stores[unit]);
        }
    }

    private void Read(TsrReader file, string name, HeadStore store)
    {
        string shapeName = $"{name}.shape";
        int[] numbers = file.Read<int>(shapeName).ToArray();
        double[] bounds = file.ReadExactly<double>($"{name}.bounds", 3).ToArray();
        if (numbers.Length < StoreNumbers || numbers.AsSpan().ContainsAnyInRange(int.MinValue, -1))
            throw file.Error(shapeName, "these are no sizes of a head.");
        (int length, int sinks, int tail, int segments) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        byte[] rows = file.Read<byte>($"{name}.rows").ToArray(), clusters = file.Read<byte>($"{name}.clusters").ToArray();
        int[] positions = file.Read<int>($"{name}.positions").ToArray();
        float[] means = file.Read<float>($"{name}.means").ToArray();
        int pitch = store.Layout.Pitch;
        if (sinks > Options.Sinks || sinks > length || tail > length || ((long)sinks + tail) * pitch > rows.Length || bounds.Any(bound => !(bound >= 0 && bound < 1e30)))
            throw file.Error(shapeName, $"{sinks} sinks and {tail} of the latest tokens do not fit a head of {length} tokens.");
        store.Restore(length, sinks, tail);
        (store.LongestKey, store.LongestValue, store.BuiltMeanSquare, store.Insertions) = ((float)bounds[0], (float)bounds[1], bounds[2], numbers[4]);
        var source = new SegmentSource(file, name, numbers, rows, positions, means, clusters);
        source.TakeRows(store.Sinks, sinks, pitch);
        source.TakeRows(store.Tail, tail, pitch);
        source.Skip(StoreNumbers);
        for (int i = 0; i < segments; i++)
            store.Restore(source.Next(_pool, store.Layout));
        source.RequireEnd();
    }
}
