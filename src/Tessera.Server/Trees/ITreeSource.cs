namespace Tessera.Server.Trees;

/// <summary>A hierarchy that somebody can walk through. Immutable; read by many requests at once.</summary>
internal interface ITreeSource
{
    /// <summary>The id of every tree's root.</summary>
    const string Root = "root";

    /// <summary>code, kmeans, index or ids.</summary>
    string Kind { get; }

    /// <summary>Nodes in all, the root included.</summary>
    int Nodes { get; }

    /// <summary>Entities, vectors or items.</summary>
    int Leaves { get; }

    /// <summary>Levels below the root.</summary>
    int Depth { get; }

    /// <summary>A node; null where there is none of this id.</summary>
    TreePlace? Find(string id);

    /// <summary>The nodes right beneath one that exists.</summary>
    IEnumerable<TreePlace> Children(string id);

    /// <summary>From the root down to a node that exists, itself included.</summary>
    IReadOnlyList<TreePlace> Path(string id);

    /// <summary>Who is in a node that exists.</summary>
    /// <param name="id">The node.</param>
    /// <param name="offset">Members to pass over.</param>
    /// <param name="limit">Most to give.</param>
    IReadOnlyList<TreeMember> Members(string id, int offset, int limit);

    /// <summary>The words that name a node, and the text of what it stands for; nulls where there are none.</summary>
    (IReadOnlyList<string>? Words, string? Source) Describe(string id);

    /// <summary>Finds nodes by text, best first.</summary>
    IReadOnlyList<TreeHit> Search(string text, int count);
}
