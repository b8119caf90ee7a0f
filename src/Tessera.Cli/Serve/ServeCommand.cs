using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Demo;
using Tessera.Cli.Hosting;
using Tessera.Server;

namespace Tessera.Cli.Serve;

/// <summary><c>tessera serve</c>: the HTTP API and the page.</summary>
internal sealed class ServeCommand : CliCommand
{
    private readonly Option<string[]> _code = Many("--code", "A folder of sources to map now, or a store that 'code build' filled (sqlite:FILE, postgres:DSN, surreal:URL); by default, where nothing else is given, the tree that the command stands in.", "FOLDER|STORE");
    private readonly Option<string> _colors = new("--colors") { Description = "A folder that 'colors index --out' wrote.", HelpName = "DIR" };
    private readonly Option<string[]> _indexes = Many("--index", "An index file that 'index build' wrote.", "F.tsr");
    private readonly Option<string[]> _ids = Many("--ids", "A file of items and ids that 'ids encode --out' wrote.", "F.tsv");
    private readonly Option<string> _music = new("--music") { Description = "A folder that 'music index' wrote.", HelpName = "DIR" };
    private readonly Option<string> _model = new("--model") { Description = "A folder that 'music train' wrote.", HelpName = "DIR" };

    private readonly Option<int> _port = new Option<int>("--port")
    {
        Description = "The port to listen on; 0 takes one that is free.",
        DefaultValueFactory = _ => ServerOptions.DefaultPort,
    }.AtLeast(0);

    private readonly Option<string> _host = new("--host")
    {
        Description = "The address to listen on; beyond loopback only with --api-key.",
        DefaultValueFactory = _ => "localhost",
        HelpName = "ADDRESS",
    };

    private readonly Option<string> _apiKey = new("--api-key")
    {
        Description = $"What callers must show, 16 characters or more; better given as the environment variable {KeyVariable}, which other users of the machine do not see.",
        HelpName = "KEY",
    };

    private readonly Option<int?> _rate = new("--rate-limit") { Description = "Requests that one client may make in a second; 0 for no limit. By default none on loopback, 200 elsewhere.", HelpName = "N" };
    private readonly Option<string> _web = new("--web") { Description = "Serve the page from this folder in place of the one that is built in.", HelpName = "FOLDER" };
    private readonly Option<bool> _open = new("--open") { Description = "Open the page in the browser." };

    private const string SqliteStore = "sqlite:";
    private const string KeyVariable = "TESSERA_API_KEY";

    public ServeCommand()
        : base(
            "serve",
            "Serve an HTTP API and a page in the browser for what was built.",
            "tessera serve --open",
            "tessera serve --index mnist.tsr --ids ids.tsv --port 8080",
            "TESSERA_API_KEY=... tessera serve --host 0.0.0.0 --code ~/project")
    {
        foreach (Option option in (Option[])[_colors, _code, _indexes, _ids, _music, _model, _port, _host, _apiKey, _rate, _web, _open])
            Add(option);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken) =>
        Serve(context, cancellationToken).GetAwaiter().GetResult();

    private async Task Serve(CommandContext context, CancellationToken cancellationToken)
    {
        await using TesseraServer server = await TesseraServer.StartAsync(OptionsFrom(context), cancellationToken);
        context.Present(new ServeResult(server.Address.ToString(), Environment.ProcessId), ServeJson.Default.ServeResult, (console, result) =>
            console.WriteLine($"Tessera serves {result.Address} (the page, /api, /openapi/v1.json, /metrics). Ctrl-C stops it."));
        if (context.Get(_open))
            Browser.Open(server.Address);
        _ = server.WaitUntilLoadedAsync(cancellationToken).ContinueWith(
            _ =>
            {
                foreach (string failure in server.Failures)
                    context.Warn(failure);
            },
            cancellationToken, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        await server.RunAsync(cancellationToken);
    }

    private ServerOptions OptionsFrom(CommandContext context)
    {
        string[] code = context.Find(_code) ?? [], indexes = context.Find(_indexes) ?? [], ids = context.Find(_ids) ?? [];
        string? music = context.Find(_music);
        if (context.Find(_model) is not null && music is null)
            throw new UsageException("--model needs --music DIR to retrieve from.");
        string? colors = context.Find(_colors);
        Check(colors is null ? [] : [colors], "--colors", Directory.Exists, "folder");
        Check(code, "--code", path => path.StartsWith(SqliteStore, StringComparison.Ordinal) ? File.Exists(path[SqliteStore.Length..]) : ServerOptions.IsStore(path) || Directory.Exists(path), "folder or store");
        Check(indexes, "--index", File.Exists, "file");
        Check(ids, "--ids", File.Exists, "file");
        bool nothing = code.Length + indexes.Length + ids.Length == 0 && music is null && colors is null;
        return new ServerOptions
        {
            Code = nothing && SourceTreeFinder.TryFind() is { } own ? [own] : code,
            Colors = colors,
            Indexes = indexes,
            Ids = ids,
            Music = music,
            MusicModel = context.Find(_model),
            StarterPacks = nothing,
            Port = context.Get(_port),
            Host = context.Get(_host),
            ApiKey = context.Find(_apiKey) ?? Environment.GetEnvironmentVariable(KeyVariable),
            RequestsPerSecond = context.Find(_rate),
            WebRoot = context.Find(_web),
        };
    }

    private static void Check(string[] paths, string option, Predicate<string> exists, string what)
    {
        foreach (string path in paths)
        {
            if (!exists(path))
                throw new FailureException($"{option} {path}: no such {what}; check the path.");
        }
    }

    private static Option<string[]> Many(string name, string description, string help) => new(name)
    {
        Description = $"{description} May be given several times.",
        HelpName = help,
        AllowMultipleArgumentsPerToken = true,
    };
}
