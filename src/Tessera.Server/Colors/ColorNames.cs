namespace Tessera.Server.Colors;

/// <summary>What <c>/api/colors/names</c> answers.</summary>
internal sealed record ColorNames(IReadOnlyList<ColorName> Names);
