namespace Tessera.Server.Trees;

/// <summary>A node with as much beneath it as was asked for.</summary>
internal sealed class TreeNode(TreePlace place)
{
    public string Id => place.Id;

    public string Label => place.Label;

    public string Summary => place.Summary;

    public string Kind => place.Kind;

    public int Size => place.Size;

    public int Layer => place.Layer;

    public int ChildCount => place.ChildCount;

    /// <summary>Whether there are children that are not here.</summary>
    public bool HasMore => Children.Count < place.ChildCount;

    public List<TreeNode> Children { get; } = [];
}
