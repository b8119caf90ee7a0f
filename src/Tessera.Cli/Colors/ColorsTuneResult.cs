namespace Tessera.Cli.Colors;

/// <summary>What <c>colors tune</c> prints.</summary>
internal sealed record ColorsTuneResult(IReadOnlyList<TunedSetting> Settings, TunedSetting Recommended, bool Applied);
