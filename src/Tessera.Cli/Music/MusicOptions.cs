using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Music.Retrieval;

namespace Tessera.Cli.Music;

/// <summary>Options that several commands of music share.</summary>
internal static class MusicOptions
{
    public static Option<string> StylePacks() => new("--style-packs")
    {
        Description = "The folder of style packs: PARENT/refs_midi and PARENT/CHILD/refs_midi with .tokens and .json files.",
        HelpName = "PACKS",
        Required = true,
    };

    public static Option<string> Model() => new("--model", "--model-path")
    {
        Description = "The folder of a model, as 'music train' writes it.",
        HelpName = "MODEL",
        Required = true,
    };

    public static Option<string> Index(bool required) => new("--index", "--faiss-index-dir")
    {
        Description = "The folder of an index, as 'music index' writes it.",
        HelpName = "DIR",
        Required = required,
    };

    public static Option<string> Out(string what, string helpName) => new("--out", "-o")
    {
        Description = what,
        HelpName = helpName,
        Required = true,
    };

    /// <summary>A number with an upper bound.</summary>
    public static Option<float> Between(string name, string description, float initial, float least, float most) => new(name)
    {
        Description = description,
        HelpName = "X",
        DefaultValueFactory = _ => initial,
        CustomParser = result => Number.Parse<float>(result, value => value >= least && value <= most, $"a number from {least} to {most}") ?? default,
    };

    public static Option<int> Whole(string name, string description, int initial, int least) => new Option<int>(name)
    {
        Description = description,
        DefaultValueFactory = _ => initial,
    }.AtLeast(least);

    public static Option<float> ChildBias() => Between("--child-bias", "How much patterns of the child are preferred, 0 to 1.", 0, 0, 1);

    public static Option<float> FusionWeight(float initial) => Between("--fusion-weight", "How much retrieval weighs against the model, 0 to 1.", initial, 0, 1);

    public static Option<FusionMode> Mode() => new("--mode")
    {
        Description = "probability (default): probabilities are mixed; reference: shares of n-grams are added to logits, as the reference document has it.",
        HelpName = "HOW",
        CustomParser = result =>
        {
            string name = result.Tokens.Single().Value;
            if (Enum.TryParse(name, ignoreCase: true, out FusionMode mode) && Enum.IsDefined(mode) && !char.IsAsciiDigit(name[0]))
                return mode;
            result.AddError($"--mode is '{name}'; give probability or reference.");
            return default;
        },
    };

    public static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
