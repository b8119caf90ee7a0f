namespace Tessera.Server.Loading;

/// <summary>Knows how each thing on the command line is loaded.</summary>
internal static class SystemOpener
{
    public static ServedSystems From(ServerOptions options)
    {
        var systems = new ServedSystems();
        return systems;
    }
}
