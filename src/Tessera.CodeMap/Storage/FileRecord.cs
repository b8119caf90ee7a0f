namespace Tessera.CodeMap.Storage;

/// <summary>One source file.</summary>
/// <param name="Repository">The repository; empty where it has no name.</param>
/// <param name="Path">Relative to the repository's root, with '/'.</param>
/// <param name="Hash">SHA-256 of its bytes, in hexadecimal digits: a file of the same hash is not read again.</param>
/// <param name="Text">Its text.</param>
public sealed record FileRecord(string Repository, string Path, string Hash, string Text);
