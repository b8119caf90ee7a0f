namespace Tessera.Stores.CodeMap;

/// <summary>A statement failed in SurrealDB.</summary>
internal sealed class SurrealException(string message) : IOException(message)
{
    /// <summary>Whether another transaction was in the way, so that it may be tried again.</summary>
    public bool IsConflict => Message.Contains("conflict", StringComparison.OrdinalIgnoreCase) || Message.Contains("can be retried", StringComparison.OrdinalIgnoreCase)
        || Message.Contains(SurrealCodeMapStore.Overtaken, StringComparison.Ordinal);
}
