using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Indexes;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index tag</c>.</summary>
internal sealed class TagCommand : CliCommand
{
    private readonly Argument<string> _index = IndexOptions.Index();
    private readonly Argument<string> _tag = new("TAG") { Description = "Any text of one line; 'tessera index search --tag TAG' then finds only what bears it." };
    private readonly Option<string> _ids = IdList.Option("--ids", "The ids that get the tag; those that the index does not have are passed over.");
    private readonly Option<bool> _off = new("--off") { Description = "Take the tag off them." };
    private readonly Option<string> _out = IndexOptions.Rewritten();

    public TagCommand()
        : base(
            "tag",
            "Put a tag on vectors, by which searches can be filtered.",
            "tessera index tag base.tsr red --ids red.txt",
            "tessera index tag base.tsr red --ids faded.txt --off")
    {
        _ids.Required = true;
        Add(_index);
        Add(_tag);
        Add(_ids);
        Add(_off);
        Add(_out);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string path = context.Get(_index), tag = context.Get(_tag), target = context.Find(_out) ?? path;
        if (string.IsNullOrWhiteSpace(tag) || tag.Any(char.IsControl))
            throw new UsageException("TAG is empty or has control characters; give a text of one line.");
        OutputFile.Check(target, "--out");
        long[] ids = IdList.Read(context.Get(_ids));
        using VectorIndex index = InputFiles.OpenIndex(path);
        if (context.Find(_off))
            index.Untag(tag, ids);
        else
            index.Tag(tag, ids);
        long tagged = index.CountMatching(SearchFilter.Tagged(tag)), vectors = index.Count;
        cancellationToken.ThrowIfCancellationRequested();
        IndexRewrite.Save(index, target);
        var result = new TagResult(tag, tagged, vectors, new FileInfo(target).Length);
        context.Present(result, CliJson.Default.TagResult, (console, done) => console.MarkupLineInterpolated(
            $"[bold]{Figures.Count(done.Tagged)}[/] of {Figures.Count(done.Vectors)} vectors in {target} bear the tag '{done.Tag}'. Search them: [bold]tessera index search {target} --queries FILE --tag \"{done.Tag}\"[/]"));
    }
}
