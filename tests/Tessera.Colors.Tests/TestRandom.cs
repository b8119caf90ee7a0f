using Tessera.Vectors;

namespace Tessera.Colors.Tests;

/// <summary>The engine's chance as an object that helpers can be handed.</summary>
internal sealed class TestRandom(ulong seed)
{
    private SeededRandom _random = new(seed);

    public int Next(int end) => _random.Next(end);

    public double NextDouble() => _random.NextDouble();
}
