using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Tessera.Cli.Hosting;

/// <summary>Options whose value is a number, with one wording for all that can be wrong with it.</summary>
internal static class Number
{
    public static Option<T> AtLeast<T>(this Option<T> option, T least) where T : struct, INumber<T>
    {
        option.HelpName ??= "N";
        option.CustomParser = result => Parse<T>(result, value => value >= least, $"a whole number of {least} or more") ?? default;
        return option;
    }

    public static Option<T?> AtLeast<T>(this Option<T?> option, T least) where T : struct, INumber<T>
    {
        option.HelpName ??= "N";
        option.CustomParser = result => Parse<T>(result, value => value >= least, $"a whole number of {least} or more");
        return option;
    }

    /// <summary>Parses the one token of an option; what is no such number becomes an error of the command line.</summary>
    public static T? Parse<T>(ArgumentResult result, Func<T, bool> isRight, string whatIsRight) where T : struct, INumber<T>
    {
        string text = result.Tokens.Single().Value;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out T value) && isRight(value))
            return value;
        string name = result.Parent is OptionResult { Option: var option } ? option.Name : result.Argument.Name;
        result.AddError($"{name} is '{text}'; give {whatIsRight}.");
        return null;
    }

    /// <summary>Parses whole numbers of at least 1 with commas between.</summary>
    public static int[] ParseList(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        var numbers = new List<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
            {
                result.AddError($"{((OptionResult)result.Parent!).Option.Name} is '{text}'; give numbers of 1 or more with commas between, such as 1,5,10,20.");
                return [];
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
