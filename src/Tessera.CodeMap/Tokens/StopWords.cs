using System.Collections.Frozen;

namespace Tessera.CodeMap.Tokens;

/// <summary>Words that say nothing about what code is for: English function words, question words, and what every C# file is full of.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> English = FrozenSet.ToFrozenSet(
    [
        "a", "about", "above", "after", "again", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because",
        "been", "before", "being", "below", "both", "but", "by", "can", "cannot", "could", "did", "do", "does", "doing",
        "done", "each", "either", "else", "even", "every", "find", "for", "from", "further", "given", "gives", "had", "has", "have",
        "having", "here", "how", "if", "in", "into", "is", "it", "its", "itself", "just", "may", "might", "more", "most",
        "must", "neither", "no", "nor", "not", "of", "off", "on", "once", "one", "only", "onto", "or", "other", "our", "out", "over",
        "own", "per", "same", "shall", "she", "should", "since", "so", "some", "such", "than", "that", "the", "their",
        "them", "then", "there", "these", "they", "this", "those", "through", "thus", "to", "too", "under", "until", "up",
        "upon", "us", "use", "used", "uses", "using", "very", "via", "was", "we", "were", "what", "when", "where",
        "whether", "which", "while", "who", "whose", "why", "will", "with", "within", "without", "would", "you", "your",
    ]);

    private static readonly FrozenSet<string> Code = FrozenSet.ToFrozenSet(
    [
        "abstract", "args", "async", "await", "base", "bool", "boolean", "break", "byte", "case", "catch", "char", "class",
        "code", "const", "continue", "default", "delegate", "double", "dynamic", "enum", "event", "explicit", "extern", "false",
        "field", "finally", "fixed", "float", "foreach", "get", "global", "goto", "implicit", "init", "inheritdoc", "int",
        "interface", "internal", "lambda", "long", "method", "nameof", "namespace", "new", "null", "nullable", "obj",
        "object", "operator", "override", "param", "params", "partial", "private", "property", "protected", "public",
        "readonly", "record", "ref", "required", "return", "returns", "sbyte", "sealed", "set", "short", "sizeof", "src",
        "stackalloc", "static", "string", "struct", "summary", "switch", "system", "throw", "throws", "tostring", "true",
        "try", "type", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "value", "values", "var", "virtual",
        "void", "volatile", "yield",
    ]);

    // What signatures hand through and attributes ask of the compiler, as whole identifiers: TaskScheduler and SpanReader keep their words.
    private static readonly FrozenSet<string> Plumbing = FrozenSet.ToFrozenSet(
    [
        "Action", "AggressiveInlining", "AggressiveOptimization", "CancellationToken", "Dictionary", "Func", "ICollection", "IDictionary", "IEnumerable", "IList", "Int32",
        "Int64", "IReadOnlyCollection", "IReadOnlyDictionary", "IReadOnlyList", "List", "Memory", "MethodImpl",
        "MethodImplOptions", "Object", "ReadOnlyMemory", "ReadOnlySpan", "Span", "String", "Task", "ValueTask", "cancellationToken",
    ]);

    /// <summary>Whether a lower-case word, before stemming, is one of them.</summary>
    public static bool Contains(string word) => English.Contains(word) || Code.Contains(word);

    /// <summary>Whether two lower-case words make a compound that says more than its parts: ReadFrom does not, nor GetValue, but CodeMap does.</summary>
    public static bool MayJoin(string left, string right) =>
        !English.Contains(left) && !English.Contains(right) && !(Code.Contains(left) && Code.Contains(right));

    /// <summary>Whether an identifier, as it is written, is one that .NET code of any purpose is full of.</summary>
    public static bool IsPlumbing(string identifier) => Plumbing.Contains(identifier);
}
