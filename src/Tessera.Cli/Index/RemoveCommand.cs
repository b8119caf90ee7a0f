using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index remove</c>.</summary>
internal sealed class RemoveCommand : CliCommand
{
    private readonly Argument<string> _index = IndexOptions.Index();
    private readonly Option<string> _ids = IdList.Option("--ids", "The ids to remove; those that the index does not have are passed over.");
    private readonly Option<string> _out = IndexOptions.Rewritten();

    public RemoveCommand()
        : base(
            "remove",
            "Remove vectors from an index.",
            "tessera index remove base.tsr --ids gone.txt",
            "tessera index remove base.tsr --ids gone.txt --out without.tsr")
    {
        _ids.Required = true;
        Add(_index);
        Add(_ids);
        Add(_out);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string path = context.Get(_index), target = context.Find(_out) ?? path;
        OutputFile.Check(target, "--out");
        long[] ids = IdList.Read(context.Get(_ids));
        using var index = InputFiles.OpenIndex(path);
        int removed = index.Remove(ids);
        long vectors = index.Count, waiting = index.RemovedCount;
        cancellationToken.ThrowIfCancellationRequested();
        IndexRewrite.Save(index, target);
        var result = new RewriteResult(vectors, removed, null, waiting, new FileInfo(target).Length);
        context.Present(result, CliJson.Default.RewriteResult, (console, done) =>
        {
            console.MarkupLineInterpolated($"[bold]{Figures.Count(removed)}[/] vectors removed, {Figures.Count(done.Vectors)} are left in {target}.");
            if (done.Waiting > 0)
                console.MarkupLineInterpolated($"{Figures.Count(done.Waiting)} removed vectors still take space; reclaim it with [bold]tessera index compact {target}[/]");
        });
    }
}
