namespace Tessera.Server.Loading;

/// <summary>States as the API says them.</summary>
internal static class Words
{
    public static string Of(LoadState state) => state switch
    {
        LoadState.Ready => "ready",
        LoadState.Failed => "failed",
        _ => "loading",
    };
}
