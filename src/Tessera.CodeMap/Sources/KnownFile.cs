using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Storage;

namespace Tessera.CodeMap.Sources;

/// <summary>A file as a map knows it.</summary>
/// <param name="File">Its hash and text.</param>
/// <param name="Entities">What it holds.</param>
internal sealed record KnownFile(FileRecord File, FileEntities Entities);
