namespace Tessera.CodeMap.Models;

/// <summary>Where a model answers: any server that speaks OpenAI's HTTP interface (vLLM, Ollama, llama.cpp, TEI, OpenAI itself).</summary>
public sealed record ModelEndpoint
{
    /// <summary>The environment variable with the URL of the language model.</summary>
    public const string ChatUrlVariable = "HZ_LLM_URL";

    /// <summary>The environment variable with the name of the language model.</summary>
    public const string ChatModelVariable = "HZ_LLM_MODEL";

    /// <summary>The environment variable with the URL of the embedding model.</summary>
    public const string EmbeddingUrlVariable = "HZ_TEI_BASE";

    /// <summary>The environment variable with the name of the embedding model.</summary>
    public const string EmbeddingModelVariable = "HZ_EMBED_MODEL";

    /// <summary>The environment variables with the key, the first that is set.</summary>
    public static IReadOnlyList<string> KeyVariables { get; } = ["HZ_OPENAI_API_KEY", "OPENAI_API_KEY"];

    /// <summary>The server: <c>http://host:port</c>, with <c>/v1</c> or without, or the whole address of the call.</summary>
    public required Uri Url { get; init; }

    /// <summary>The model's name, as the server knows it.</summary>
    public required string Model { get; init; }

    /// <summary>Sent as a bearer token; null (default) for none.</summary>
    public string? Key { get; init; }

    /// <summary>Time that one attempt may take, more than 0 (default one minute).</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Attempts of one call, at least 1 (default 5): after no connection, no answer in time, and the statuses 408, 429 and 5xx.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait before the second attempt (default half a second), doubled before each further one, and longer where the server says so (<c>Retry-After</c>).</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest wait (default one minute). A server that asks for more is given up.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The language model that the settings or else the environment name.</summary>
    /// <param name="url">Its URL; null for that of the environment.</param>
    /// <param name="model">Its name; null for that of the environment.</param>
    /// <returns>Null where neither gives a URL.</returns>
    /// <exception cref="ArgumentException">The URL is none, or there is no model.</exception>
    public static ModelEndpoint? Chat(string? url = null, string? model = null) => Of(url, model, ChatUrlVariable, ChatModelVariable);

    /// <summary>The embedding model that the settings or else the environment name.</summary>
    /// <param name="url">Its URL; null for that of the environment.</param>
    /// <param name="model">Its name; null for that of the environment.</param>
    /// <returns>Null where neither gives a URL.</returns>
    /// <exception cref="ArgumentException">The URL is none, or there is no model.</exception>
    public static ModelEndpoint? Embeddings(string? url = null, string? model = null) => Of(url, model, EmbeddingUrlVariable, EmbeddingModelVariable);

    /// <summary>Hides the key.</summary>
    public override string ToString() => $"{Model} at {Url.GetLeftPart(UriPartial.Path)}";

    /// <summary>The address of a call.</summary>
    /// <param name="call">What stands behind the version: <c>chat/completions</c>, <c>embeddings</c>.</param>
    internal Uri AddressOf(string call)
    {
        string path = Url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith('/' + call, StringComparison.Ordinal))
            return Url;
        string version = path.EndsWith("/v1", StringComparison.Ordinal) ? "" : "/v1";
        return new UriBuilder(Url) { Path = $"{path}{version}/{call}" }.Uri;
    }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Url);
        ArgumentException.ThrowIfNullOrWhiteSpace(Model);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BackOff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestBackOff, BackOff);
    }

    private static ModelEndpoint? Of(string? url, string? model, string urlVariable, string modelVariable)
    {
        url ??= NonEmpty(urlVariable);
        if (url is null)
            return null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{url}' is no URL of a model; give one such as http://localhost:8000 (or set {urlVariable}).", nameof(url));
        model ??= NonEmpty(modelVariable)
            ?? throw new ArgumentException($"The server at {url} needs the name of a model; give it, or set {modelVariable}.", nameof(model));
        return new ModelEndpoint { Url = address, Model = model, Key = KeyVariables.Select(NonEmpty).FirstOrDefault(key => key is not null) };
    }

    private static string? NonEmpty(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
