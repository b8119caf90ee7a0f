using Tessera.Vectors;

namespace Tessera.CodeMap.Entities;

/// <summary>What one file holds.</summary>
/// <param name="Entities">Its entities in the order of the text.</param>
/// <param name="Tokens">The weighted tokens of each.</param>
/// <param name="Mentions">The names of others that each mentions.</param>
internal readonly record struct FileEntities(CodeEntity[] Entities, WeightedToken[][] Tokens, string[][] Mentions);
