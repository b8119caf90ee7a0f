namespace Tessera.Server.Trees;

/// <summary>A node of a tree by itself.</summary>
/// <param name="Id">Names it in its tree: letters, digits, '.', '-' and '_'.</param>
/// <param name="Label">For people.</param>
/// <param name="Summary">What is in it, in a few words; may be empty.</param>
/// <param name="Kind">root, cluster, entity, list or prefix.</param>
/// <param name="Size">Entities, vectors or items in it and beneath.</param>
/// <param name="Layer">0 for what has nothing beneath.</param>
/// <param name="ChildCount">Nodes right beneath it.</param>
internal readonly record struct TreePlace(string Id, string Label, string Summary, string Kind, int Size, int Layer, int ChildCount);
