namespace Tessera.Server.Ids;

/// <summary>A code that may come next, and how many items have it.</summary>
internal readonly record struct NextCode(int Code, int Count);
