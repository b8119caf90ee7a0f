using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap;

/// <summary>One answer to a query.</summary>
/// <param name="Entity">What was found.</param>
/// <param name="Score">Cosine of query and entity, at most 1, larger for nearer; of a test <see cref="CodeMapSnapshot.TestShare"/> of it.</param>
/// <param name="Clusters">The clusters that it lies in, from the top layer down; empty where the map has no layers.</param>
public sealed record CodeAnswer(CodeEntity Entity, float Score, IReadOnlyList<CodeCluster> Clusters);
