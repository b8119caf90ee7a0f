using System.Collections.Concurrent;

namespace Tessera.CodeMap.Models;

/// <summary>Keeps what models answered as long as the process lives.</summary>
public sealed class InMemoryModelCache : IModelCache
{
    private readonly ConcurrentDictionary<string, byte[]> _answers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<byte[]?> Find(IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return [.. keys.Select(key => _answers.GetValueOrDefault(key))];
    }

    /// <inheritdoc/>
    public void Keep(IReadOnlyList<KeyValuePair<string, byte[]>> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        foreach ((string key, byte[] answer) in answers)
            _answers[key] = answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
