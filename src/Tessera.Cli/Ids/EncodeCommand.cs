using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.SemanticIds;
using Tessera.SemanticIds.Uniqueness;

namespace Tessera.Cli.Ids;

/// <summary><c>tessera ids encode</c>: gives items their ids.</summary>
internal sealed class EncodeCommand : CliCommand
{
    /// <summary>Items whose ids are kept, and then printed, in one go.</summary>
    private const int BatchSize = 10_000;

    private readonly Argument<string> _model = new("MODEL") { Description = "The folder of a model." };

    private readonly Argument<string> _items = new("VECTORS") { Description = ItemsInput.Description };

    private readonly Option<string> _names = new("--items") { Description = "A file of what the items are known by, one a line; by default their numbers, or what the texts say.", HelpName = "FILE" };

    private readonly Option<bool> _unique = new("--unique") { Description = "Make ids unique: -1, -2 behind those that are taken. An item that comes again keeps its id." };

    private readonly Option<string> _store = StoreOption.Create();

    private readonly Option<int> _nextBest = new Option<int>("--next-best")
    {
        Description = "With --unique: how many next-best codes of the last level are tried before a suffix.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);

    private readonly Option<bool> _tokens = new("--tokens") { Description = "Write <a_12><b_5> instead of 12-5." };

    private readonly Option<string> _out = new("--out", "-o") { Description = "The file of items and ids to write (tab-separated); without it they are printed.", HelpName = "FILE" };

    public EncodeCommand()
        : base(
            "encode",
            "Give items their ids.",
            "tessera ids encode ids-model base.npy --out ids.tsv",
            "tessera ids encode ids-model products.jsonl --unique --store sqlite:ids.db")
    {
        foreach (Argument argument in (Argument[])[_model, _items])
            Add(argument);
        foreach (Option option in (Option[])[_names, _unique, _store, _nextBest, _tokens, _out, CommonOptions.Threads])
            Add(option);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? output = context.Find(_out);
        OutputFile.Check(output, "--out");
        bool unique = context.Get(_unique);
        if (!unique && (context.IsGiven(_store) || context.IsGiven(_nextBest)))
            throw new UsageException("--store and --next-best go with --unique.");
        SemanticIdFormat format = context.Get(_tokens) ? SemanticIdFormat.Tokens : SemanticIdFormat.Plain;
        string model = context.Get(_model);
        SemanticEncoder encoder = SemanticEncoder.Load(model);
        ItemsInput input = ItemsInput.For(model, context.Get(_items), context.Threads, cancellationToken).NamedBy(context.Find(_names));
        CheckDimension(input, encoder, context.Get(_items));
        IdList.CheckNames(input.Names);

        var watch = Stopwatch.StartNew();
        SemanticCodes codes = context.Progress.Run(progress => encoder.Encode(input.Vectors, context.Threads, progress, cancellationToken));
        double encodeSeconds = watch.Elapsed.TotalSeconds;
        string[] bare = format.Write(codes);
        bool isPrinted = output is null && !context.IsJson;
        watch.Restart();
        string[] ids = bare;
        if (unique)
        {
            using ICollisionStore store = StoreOption.Open(context.Get(_store));
            ids = MakeUnique(context, new UniqueIdResolver(store), encoder, input, codes, format, isPrinted, cancellationToken);
        }
        else if (isPrinted)
        {
            Print(context, input.Names, bare, 0, bare.Length);
        }

        double uniqueSeconds = watch.Elapsed.TotalSeconds;
        if (output is not null)
            IdList.Write(output, input.Names, ids);
        if (isPrinted)
            return;
        var result = new EncodeResult(
            ids.Length,
            ids.Distinct().Count(),
            ids.Where((id, i) => id != bare[i]).Count(),
            Figures.Significant(encodeSeconds, 4),
            unique ? Figures.Significant(uniqueSeconds, 4) : null,
            output is null ? [.. ids.Select((id, i) => new ItemId(input.Names[i], id))] : null);
        context.Present(result, IdsJson.Default.EncodeResult, (console, shown) => console.WriteLine(
            $"{Figures.Count(shown.Items)} items, {Figures.Count(shown.UniqueIds)} different ids, {Figures.Count(shown.Suffixed)} of them not the bare one. Written to {output}."));
    }

    /// <summary>Refuses vectors that are not the model's.</summary>
    public static void CheckDimension(ItemsInput input, SemanticEncoder encoder, string path)
    {
        if (input.Vectors.Dimension != encoder.Dimension)
            throw new FailureException($"{path}: holds vectors of dimension {input.Vectors.Dimension}, the model is of {encoder.Dimension}; give vectors of dimension {encoder.Dimension}.");
    }

    /// <summary>Batch by batch: what is printed is kept, whatever happens next.</summary>
    private string[] MakeUnique(
        CommandContext context, UniqueIdResolver resolver, SemanticEncoder encoder, ItemsInput input, SemanticCodes codes, SemanticIdFormat format, bool isPrinted, CancellationToken cancellationToken)
    {
        int nextBest = context.Get(_nextBest);
        string[] bare = format.Write(codes), ids = new string[bare.Length];
        for (int start = 0; start < ids.Length; start += BatchSize)
        {
            int first = start, count = Math.Min(BatchSize, ids.Length - start);
            IEnumerable<string> Alternatives(int item)
            {
                foreach (string id in format.Write(encoder.NextBest(input.Vectors[first + item], codes[first + item], nextBest)))
                    yield return id;
            }

            resolver.Resolve(
                bare.AsSpan(start, count).ToArray(), [.. input.Names.Skip(start).Take(count)], nextBest == 0 ? null : Alternatives, null, cancellationToken).CopyTo(ids, start);
            if (isPrinted)
                Print(context, input.Names, ids, start, count);
        }

        return ids;
    }

    private static void Print(CommandContext context, IReadOnlyList<string> items, string[] ids, int start, int count)
    {
        for (int i = start; i < start + count; i++)
            context.Output.WriteLine(IdList.Line(items[i], ids[i]));
        context.Output.Flush();
    }
}
