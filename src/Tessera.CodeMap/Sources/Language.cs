namespace Tessera.CodeMap.Sources;

/// <summary>What the map knows of a language: how its comments and strings are written. Its declarations are read by Roslyn (C#) or universal-ctags.</summary>
/// <param name="Name">The language's name.</param>
/// <param name="LineComment">What begins a comment that ends with the line.</param>
/// <param name="BlockStart">What begins a comment of several lines; empty where there is none.</param>
/// <param name="BlockEnd">What ends it.</param>
/// <param name="Quotes">What strings stand between; '"' and '\'' end with the line, '`' does not.</param>
internal sealed record Language(string Name, string LineComment, string BlockStart, string BlockEnd, string Quotes)
{
    /// <summary>C#, which has a reader of its own.</summary>
    public static Language CSharp { get; } = LikeC("C#");

    private static readonly Dictionary<string, Language> ByExtension = Table();

    /// <summary>Strings of three quotes, which span lines.</summary>
    public bool HasTripleQuotes => Name is "Python" or "Kotlin" or "Swift" or "Scala" or "Julia" or "Elixir" or "Dart";

    /// <summary>The language of a file by its extension; null where it is no source that the map reads.</summary>
    public static Language? Of(string path) => ByExtension.GetValueOrDefault(Path.GetExtension(path));

    private static Language LikeC(string name, string quotes = "\"'") => new(name, "//", "/*", "*/", quotes);

    private static Language LikeShell(string name) => new(name, "#", "", "", "\"'");

    private static Dictionary<string, Language> Table()
    {
        var table = new Dictionary<string, Language>(StringComparer.OrdinalIgnoreCase);
        Add(CSharp, ".cs");
        Add(LikeC("C"), ".c", ".h");
        Add(LikeC("C++"), ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".inl", ".cu", ".cuh");
        Add(LikeC("Objective-C"), ".m", ".mm");
        Add(LikeC("Java"), ".java");
        Add(LikeC("Kotlin"), ".kt", ".kts");
        Add(LikeC("Scala"), ".scala");
        Add(LikeC("Swift"), ".swift");
        Add(LikeC("Dart"), ".dart");
        Add(LikeC("PHP"), ".php");
        Add(LikeC("JavaScript", "\"'`"), ".js", ".jsx", ".mjs", ".cjs");
        Add(LikeC("TypeScript", "\"'`"), ".ts", ".tsx", ".mts", ".cts");
        Add(LikeC("Go", "\"'`"), ".go");
        // A quote mark also begins a lifetime.
        Add(LikeC("Rust", "\""), ".rs");
        Add(LikeC("Zig", "\""), ".zig");
        Add(LikeC("F#", "\"") with { BlockStart = "(*", BlockEnd = "*)" }, ".fs", ".fsi");
        Add(LikeShell("Python"), ".py", ".pyi", ".pyx");
        Add(LikeShell("Ruby"), ".rb");
        Add(LikeShell("Perl"), ".pl", ".pm");
        Add(LikeShell("R"), ".r");
        Add(LikeShell("Julia"), ".jl");
        Add(LikeShell("Elixir"), ".ex", ".exs");
        Add(LikeShell("Shell"), ".sh", ".bash");
        Add(new Language("PowerShell", "#", "<#", "#>", "\"'"), ".ps1", ".psm1");
        Add(new Language("Lua", "--", "--[[", "]]", "\"'"), ".lua");
        Add(new Language("Haskell", "--", "{-", "-}", "\""), ".hs");
        Add(new Language("SQL", "--", "/*", "*/", "\"'"), ".sql");
        Add(new Language("Clojure", ";", "", "", "\""), ".clj", ".cljs");
        Add(new Language("Erlang", "%", "", "", "\"'"), ".erl");
        Add(new Language("Visual Basic", "'", "", "", "\""), ".vb");
        return table;

        void Add(Language language, params ReadOnlySpan<string> extensions)
        {
            foreach (string extension in extensions)
                table.Add(extension, language);
        }
    }
}
