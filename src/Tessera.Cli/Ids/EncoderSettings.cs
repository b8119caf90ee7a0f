using Tessera.Vectors;

namespace Tessera.Cli.Ids;

/// <summary>What the options of learning come to, beside method, levels and clusters.</summary>
internal sealed record EncoderSettings(
    Metric Metric, bool NormalizeResiduals, int Epochs, int BatchSize, double LearningRate, int LatentDimension, IReadOnlyList<int> Layers, ulong Seed);
