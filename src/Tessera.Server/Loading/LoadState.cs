namespace Tessera.Server.Loading;

/// <summary>How far a system is.</summary>
internal enum LoadState
{
    Loading,
    Ready,
    Failed,
}
