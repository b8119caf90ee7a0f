using Tessera.Server.Trees;

namespace Tessera.Server.Loading;

/// <summary>What a system has to show once it is loaded. Read by many requests at once.</summary>
internal interface IServedContent : IDisposable
{
    /// <summary>How many of what there are.</summary>
    IReadOnlyDictionary<string, long> Counts { get; }

    /// <summary>Its hierarchy; null where it has none.</summary>
    ITreeSource? Tree { get; }
}
