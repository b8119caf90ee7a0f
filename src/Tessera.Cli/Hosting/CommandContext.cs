using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Tessera.Cli.Rendering;

namespace Tessera.Cli.Hosting;

/// <summary>What a running command knows and may write to.</summary>
internal sealed class CommandContext
{
    private readonly ParseResult _parsed;
    private readonly bool _quiet;

    public CommandContext(ParseResult parsed)
    {
        _parsed = parsed;
        _quiet = parsed.GetValue(CommonOptions.Quiet);
        bool errorIsTerminal = ReferenceEquals(Error, Console.Error) && !Console.IsErrorRedirected;
        Progress = new ProgressDisplay(errorIsTerminal && !_quiet ? Terminals.Create(Error, isTerminal: true) : null);
    }

    public ProgressDisplay Progress { get; }

    public ulong Seed => _parsed.GetValue(CommonOptions.Seed);

    public int Threads => _parsed.GetValue(CommonOptions.Threads);

    /// <summary>Whether one JSON object is wanted and nothing else.</summary>
    public bool IsJson => _parsed.GetValue(CommonOptions.Json);

    /// <summary>Stdout, for what comes line by line; results go through <see cref="Present"/>.</summary>
    public TextWriter Output => _parsed.InvocationConfiguration.Output;

    private TextWriter Error => _parsed.InvocationConfiguration.Error;

    /// <summary>The value of an option that is required or has a default.</summary>
    public T Get<T>(Option<T> option) where T : notnull => _parsed.GetRequiredValue(option);

    /// <summary>The value of an argument that is required.</summary>
    public T Get<T>(Argument<T> argument) where T : notnull => _parsed.GetRequiredValue(argument);

    /// <summary>The value of an option that may be left out.</summary>
    public T? Find<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>The value of an argument that may be left out.</summary>
    public T? Find<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>Whether an option stands on the command line.</summary>
    public bool IsGiven(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>Prints the result: as one JSON object, or as <paramref name="render"/> shows it to a person.</summary>
    public void Present<T>(T result, JsonTypeInfo<T> json, Action<IAnsiConsole, T> render)
    {
        if (IsJson)
        {
            Output.WriteLine(JsonSerializer.Serialize(result, json));
            return;
        }

        bool isTerminal = ReferenceEquals(Output, Console.Out) && !Console.IsOutputRedirected;
        render(Terminals.Create(Output, isTerminal), result);
    }

    /// <summary>Tells on stderr what happens within, where <c>--verbose</c> asks for it.</summary>
    public void Log(string line)
    {
        if (_parsed.GetValue(CommonOptions.Verbose))
            Error.WriteLine(line);
    }

    /// <summary>Tells on stderr what is going on, for commands that run on and on.</summary>
    public void Tell(string line)
    {
        if (!_quiet)
            Error.WriteLine(line);
    }

    /// <summary>Tells what is not as it should be and does not stop the work.</summary>
    public void Warn(string sentence)
    {
        if (!_quiet)
            Error.WriteLine($"warning: {sentence}");
    }
}
