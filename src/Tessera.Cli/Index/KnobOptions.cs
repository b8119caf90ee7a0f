using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Indexes;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary><c>--probes</c>, <c>--ef</c> and <c>--beam</c>: an index has one of them, or none.</summary>
/// <typeparam name="T">One number, or several.</typeparam>
internal sealed class KnobOptions<T>(Option<T> probes, Option<T> ef, Option<T> beam)
{
    private readonly (Option<T> Option, SearchKnob Knob)[] _options = [(probes, SearchKnob.Probes), (ef, SearchKnob.EfSearch), (beam, SearchKnob.Beam)];

    public void AddTo(Command command)
    {
        foreach (var (option, _) in _options)
            command.Add(option);
    }

    /// <summary>The value given for the knob that the index has, or default. A value for a knob that it has not is wrong usage.</summary>
    public T? Find(CommandContext context, VectorIndex index)
    {
        T? found = default;
        foreach (var (option, knob) in _options)
        {
            if (knob == index.Knob)
                found = context.Find(option);
            else if (context.IsGiven(option))
                throw new UsageException($"{option.Name}: a search of {index.Specification} knows no such setting; {Instead(index.Knob)}.");
        }

        return found;
    }

    private string Instead(SearchKnob knob) =>
        Array.Find(_options, option => option.Knob == knob).Option is { } option ? $"give {option.Name}" : "leave it out";
}
