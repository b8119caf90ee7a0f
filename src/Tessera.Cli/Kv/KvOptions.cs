using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Tessera.Cli.Kv;

/// <summary>Options that both verbs have.</summary>
internal static class KvOptions
{
    public static Option<double[]> Budget() => new("--budget")
    {
        Description = "Shares of the keys that may be scored, means of clusters included, with commas between (default 0.05,0.1,0.2).",
        HelpName = "LIST",
        DefaultValueFactory = _ => [0.05, 0.1, 0.2],
        CustomParser = ParseShares,
    };

    private static double[] ParseShares(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        var shares = new List<double>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) || share is not (> 0 and <= 1))
            {
                result.AddError($"--budget is '{text}'; give shares above 0 and at most 1 with commas between, such as 0.05,0.1,0.2.");
                return [];
            }

            shares.Add(share);
        }

        return [.. shares];
    }
}
