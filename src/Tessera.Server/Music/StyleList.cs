namespace Tessera.Server.Music;

/// <summary>What <c>/api/music/styles</c> answers.</summary>
internal sealed record StyleList(int Patterns, IReadOnlyList<StyleParent> Parents, bool CanSample);
