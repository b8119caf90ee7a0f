using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Quantization;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index compact</c>.</summary>
internal sealed class CompactCommand : CliCommand
{
    private readonly Argument<string> _index = IndexOptions.Index();
    private readonly Option<string> _out = IndexOptions.Rewritten();

    public CompactCommand()
        : base("compact", "Reclaim the space of removed vectors.", "tessera index compact base.tsr")
    {
        Add(_index);
        Add(_out);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string path = context.Get(_index), target = context.Find(_out) ?? path;
        OutputFile.Check(target, "--out");
        using var index = InputFiles.OpenIndex(path);
        long reclaimed = index.RemovedCount, vectors = index.Count, before = new FileInfo(path).Length;
        var options = new BuildOptions { Seed = context.Seed, Threads = context.Threads };
        context.Progress.Run(progress =>
        {
            index.Compact(options, progress, cancellationToken);
            return true;
        });
        cancellationToken.ThrowIfCancellationRequested();
        if (reclaimed > 0 || target != path)
            IndexRewrite.Save(index, target);
        var result = new RewriteResult(vectors, null, reclaimed, 0, new FileInfo(target).Length);
        context.Present(result, CliJson.Default.RewriteResult, (console, done) => console.MarkupLineInterpolated(
            $"The space of [bold]{Figures.Count(reclaimed)}[/] removed vectors is reclaimed: {target} has {Figures.Count(done.Vectors)} vectors in {Figures.Bytes(done.FileBytes)}, {Figures.Bytes(before)} before."));
    }
}
