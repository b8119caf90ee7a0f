namespace Tessera.CodeMap.Models;

/// <summary>Keeps what models answered, so that the same question is not paid twice. Any number of threads may use it.</summary>
public interface IModelCache : IDisposable
{
    /// <summary>Finds answers.</summary>
    /// <param name="keys">Their keys, each a hash of all that the answer depends on.</param>
    /// <returns>For each key, in the same order, its answer, or null.</returns>
    /// <exception cref="IOException">The cache cannot be read.</exception>
    IReadOnlyList<byte[]?> Find(IReadOnlyList<string> keys);

    /// <summary>Keeps answers. One that is there already is replaced.</summary>
    /// <param name="answers">Keys and answers.</param>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    void Keep(IReadOnlyList<KeyValuePair<string, byte[]>> answers);
}
