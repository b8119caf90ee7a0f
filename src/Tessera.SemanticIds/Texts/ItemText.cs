namespace Tessera.SemanticIds.Texts;

/// <summary>An item as a list of products has it.</summary>
/// <param name="Item">What the item is known by.</param>
/// <param name="Title">What names it; its words count double.</param>
/// <param name="Description">What describes it; may be empty.</param>
public sealed record ItemText(string Item, string Title, string Description = "");
