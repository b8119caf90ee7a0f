using System.CommandLine;
using System.Reflection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tessera.Cli.Hosting;
using Tessera.CodeMap.Storage;

namespace Tessera.Cli.Code.Mcp;

/// <summary><c>tessera code mcp</c>.</summary>
internal sealed class McpCommand : CliCommand
{
    private const string Instructions = "A map of source code: entities (functions, types, ...) in layers of clusters. Begin with hirag_retrieve; fetch sources with fetch_entity_snapshot, and see how the code base is divided with open_cluster.";

    private readonly Option<string?> _store = MapStoreOption.Create();

    private readonly Option<string?> _repo = MapStoreOption.Repository();

    private readonly ModelOptions _models = new();

    public McpCommand()
        : base(
            "mcp",
            "Serve a map to coding assistants by the Model Context Protocol, on stdin and stdout.",
            "tessera code mcp --store sqlite:code.db",
            "claude mcp add code -- tessera code mcp --store sqlite:/home/me/code.db")
    {
        Add(_store);
        Add(_repo);
        _models.AddTo(this, writesSummaries: false);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken) =>
        RunAsync(context, cancellationToken).GetAwaiter().GetResult();

    private async Task RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using ModelSession models = _models.Create(context);
        await using ICodeMapStore store = await MapStoreOption.OpenForReadingAsync(context.Find(_store), cancellationToken).ConfigureAwait(false);
        using var maps = new LiveMap(store, context.Find(_repo), models.Embedder);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "tessera", Version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3) },
            ServerInstructions = Instructions,
            ToolCollection = new McpTools(maps).All(),
        };
        await using var transport = new StdioServerTransport(options);
        await using McpServer server = McpServer.Create(transport, options);
        await server.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
