using Tessera.Storage;

namespace Tessera.Cli.Hosting;

/// <summary>Says in one line what went wrong and what to do.</summary>
internal static class FailureText
{
    public static string Of(Exception exception) => OneLine(exception switch
    {
        FailureException or TesseraFormatException => exception.Message,
        FileNotFoundException { FileName: { } file } => $"{file}: no such file; check the path.",
        DirectoryNotFoundException or PathTooLongException => $"{exception.Message} Check the path.",
        UnauthorizedAccessException => $"{exception.Message} Check the permissions, or choose another folder.",
        IOException => exception.Message,
        OutOfMemoryException => "out of memory; use fewer vectors (--train, --sample) or an index with shorter codes.",
        ArgumentException argument => WithoutParameterName(argument),
        InvalidOperationException or InvalidDataException or NotSupportedException => exception.Message,
        _ => $"{exception.GetType().Name}: {exception.Message} This is a defect of tessera; --verbose shows where.",
    });

    /// <summary>The engine names the parameter for its callers; users of the command have no use for it.</summary>
    private static string WithoutParameterName(ArgumentException exception)
    {
        string suffix = $" (Parameter '{exception.ParamName}')";
        return exception.Message.Replace(suffix, "", StringComparison.Ordinal);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
