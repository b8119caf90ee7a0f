using System.CommandLine;

namespace Tessera.Cli.Hosting;

/// <summary>A noun that only groups its verbs; alone it is wrong usage.</summary>
internal sealed class NounCommand : Command
{
    public NounCommand(string name, string description, params Command[] verbs)
        : base(name, description)
    {
        foreach (var verb in verbs)
            Add(verb);
        string choices = string.Join(", ", verbs.Select(verb => verb.Name));
        SetAction(int (_) => throw new UsageException($"'tessera {name}' needs one of: {choices}. See 'tessera {name} --help'."));
    }
}
