using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Indexes;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary><c>--probes</c> and <c>--ef</c>: an index has one of the two, or neither.</summary>
/// <typeparam name="T">One number, or several.</typeparam>
internal sealed class KnobOptions<T>(Option<T> probes, Option<T> ef)
{
    public void AddTo(Command command)
    {
        command.Add(probes);
        command.Add(ef);
    }

    /// <summary>The value given for the knob that the index has, or default. A value for a knob that it has not is wrong usage.</summary>
    public T? Find(CommandContext context, VectorIndex index)
    {
        foreach (var (option, knob) in ((Option<T>, SearchKnob)[])[(probes, SearchKnob.Probes), (ef, SearchKnob.EfSearch)])
        {
            if (knob != index.Knob && context.IsGiven(option))
                throw new UsageException($"{option.Name}: a search of {index.Specification} knows no such setting; {Instead(index.Knob)}.");
        }

        return index.Knob switch
        {
            SearchKnob.Probes => context.Find(probes),
            SearchKnob.EfSearch => context.Find(ef),
            _ => default,
        };
    }

    private static string Instead(SearchKnob knob) => knob switch
    {
        SearchKnob.Probes => "give --probes",
        SearchKnob.EfSearch => "give --ef",
        _ => "leave it out",
    };
}
