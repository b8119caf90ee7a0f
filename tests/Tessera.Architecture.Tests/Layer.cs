namespace Tessera.Architecture.Tests;

/// <summary>The layers of the house, from the ground up. The command line starts the server, so it stands above it.</summary>
public enum Layer
{
    Engine,
    System,
    Stores,
    Server,
    Cli,
}
