using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary><c>--only-ids</c>, <c>--not-ids</c> and <c>--tag</c>: which vectors may be answers.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string> _only = IdList.Option("--only-ids", "Only these vectors may be answers.");
    private readonly Option<string> _not = IdList.Option("--not-ids", "These vectors may not be answers.");
    private readonly Option<string> _tag = new("--tag") { Description = "Only vectors that bear this tag may be answers.", HelpName = "TAG" };

    public void AddTo(Command command)
    {
        command.Add(_only);
        command.Add(_not);
        command.Add(_tag);
    }

    /// <summary>The filter that the options given make together; null when none is.</summary>
    public SearchFilter? Find(CommandContext context)
    {
        SearchFilter?[] filters =
        [
            context.Find(_only) is { } only ? SearchFilter.Ids(IdList.Read(only)) : null,
            context.Find(_not) is { } not ? SearchFilter.Ids(IdList.Read(not)).Not() : null,
            context.Find(_tag) is { } tag ? Tagged(tag) : null,
        ];
        return filters.Aggregate((all, next) => all is null || next is null ? all ?? next : all.And(next));
    }

    private static SearchFilter Tagged(string tag) =>
        string.IsNullOrWhiteSpace(tag) ? throw new UsageException("--tag is empty; give a tag.") : SearchFilter.Tagged(tag);
}
