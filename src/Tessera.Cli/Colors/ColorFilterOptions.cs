using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tessera.Cli.Hosting;
using Tessera.Colors.Collections;
using Tessera.Colors.Palettes;

namespace Tessera.Cli.Colors;

/// <summary>Options that say which images may be answers.</summary>
internal sealed class ColorFilterOptions
{
    private readonly Option<string> _folder = new("--folder") { Description = "Only images in this folder of the index, and in folders in it.", HelpName = "PATH" };

    private readonly Option<ColorClass?> _class = new("--class")
    {
        Description = $"Only images whose dominant colour is of this class: {string.Join(", ", ColorClasses.All).ToLowerInvariant()}.",
        HelpName = "CLASS",
        CustomParser = result =>
        {
            string name = result.Tokens.Single().Value;
            if (Enum.TryParse(name, ignoreCase: true, out ColorClass found) && Enum.IsDefined(found) && !char.IsAsciiDigit(name[0]))
                return found;
            result.AddError($"--class is '{name}'; give one of {string.Join(", ", ColorClasses.All).ToLowerInvariant()}.");
            return null;
        },
    };

    private readonly Option<string> _tag = new("--tag") { Description = "Only images with this tag.", HelpName = "TAG" };
    private readonly Option<int?> _minWidth = new Option<int?>("--min-width") { Description = "Only images at least so many pixels wide." }.AtLeast(1);
    private readonly Option<int?> _minHeight = new Option<int?>("--min-height") { Description = "Only images at least so many pixels high." }.AtLeast(1);
    private readonly Option<long?> _minSize = new Option<long?>("--min-size") { Description = "Only files of at least so many bytes." }.AtLeast(0L);
    private readonly Option<long?> _maxSize = new Option<long?>("--max-size") { Description = "Only files of at most so many bytes." }.AtLeast(0L);
    private readonly Option<DateTime?> _since = Date("--since", "Only files written on this day or later.");
    private readonly Option<DateTime?> _before = Date("--before", "Only files written before this day.");

    public void AddTo(Command command)
    {
        Option[] options = [_folder, _class, _tag, _minWidth, _minHeight, _minSize, _maxSize, _since, _before];
        foreach (Option option in options)
            command.Add(option);
    }

    public ImageFilter Read(CommandContext context) => new()
    {
        Folder = context.Find(_folder),
        Class = context.Find(_class),
        Tag = context.Find(_tag),
        MinWidth = context.Find(_minWidth),
        MinHeight = context.Find(_minHeight),
        MinFileSize = context.Find(_minSize),
        MaxFileSize = context.Find(_maxSize),
        ModifiedFrom = context.Find(_since),
        ModifiedBefore = context.Find(_before),
    };

    private static Option<DateTime?> Date(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        CustomParser = result => Parse(result, name),
    };

    private static DateTime? Parse(ArgumentResult result, string name)
    {
        string text = result.Tokens.Single().Value;
        if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime date))
            return date;
        result.AddError($"{name} is '{text}'; give a day such as 2026-03-31.");
        return null;
    }
}
