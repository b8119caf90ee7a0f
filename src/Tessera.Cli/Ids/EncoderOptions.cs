using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.SemanticIds;
using Tessera.Vectors;

namespace Tessera.Cli.Ids;

/// <summary>The options of learning ids, shared by the verbs that learn.</summary>
internal sealed class EncoderOptions
{
    private static readonly RQVAEOptions Defaults = new();

    private readonly Option<bool> _cosine = new("--cosine") { Description = "Learn directions: vectors are brought to length 1 (rqkmeans, balanced)." };

    private readonly Option<bool> _normalize = new("--normalize-residuals") { Description = "Bring what reaches each level to length 1 (rqkmeans, balanced)." };

    private readonly Option<int> _epochs = new Option<int>("--epochs")
    {
        Description = "Passes over the vectors (rqvae, rqkmeans+).",
        DefaultValueFactory = _ => Defaults.Epochs,
    }.AtLeast(1);

    private readonly Option<int> _batch = new Option<int>("--batch")
    {
        Description = "Vectors in a step (rqvae, rqkmeans+).",
        DefaultValueFactory = _ => Defaults.BatchSize,
    }.AtLeast(1);

    private readonly Option<double> _rate = new("--rate")
    {
        Description = "Learning rate (rqvae, rqkmeans+).",
        HelpName = "R",
        DefaultValueFactory = _ => Defaults.LearningRate,
        CustomParser = result => Number.Parse<double>(result, value => value is > 0 and < 1e6, "a number above 0") ?? 0,
    };

    private readonly Option<int> _latent = new Option<int>("--latent")
    {
        Description = "Numbers in the space that is quantised (rqvae).",
        DefaultValueFactory = _ => Defaults.LatentDimension,
    }.AtLeast(1);

    private readonly Option<int[]> _layers = new("--layers")
    {
        Description = "Numbers between the layers of the encoder (rqvae, rqkmeans+).",
        HelpName = "N,N",
        DefaultValueFactory = _ => [.. Defaults.Layers],
        CustomParser = Number.ParseList,
    };

    private readonly Option<int> _dimension = new Option<int>("--dimension")
    {
        Description = "Numbers in the vectors that texts become.",
        DefaultValueFactory = _ => 256,
    }.AtLeast(1);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_cosine, _normalize, _epochs, _batch, _rate, _latent, _layers, _dimension, CommonOptions.Seed, CommonOptions.Threads])
            command.Add(option);
    }

    public int Dimension(CommandContext context) => context.Get(_dimension);

    public Metric Metric(CommandContext context) => context.Get(_cosine) ? Vectors.Metric.Cosine : Vectors.Metric.L2;

    public EncoderSettings Settings(CommandContext context) => new(
        Metric(context),
        context.Get(_normalize),
        context.Get(_epochs),
        context.Get(_batch),
        context.Get(_rate),
        context.Get(_latent),
        context.Get(_layers),
        context.Seed);
}
