namespace Tessera.Server.Loading;

/// <summary>Kinds of systems as the API says them.</summary>
internal static class SystemKind
{
    public const string Colors = "colors";
    public const string Code = "code";
    public const string Index = "index";
    public const string Ids = "ids";
    public const string Music = "music";
}
