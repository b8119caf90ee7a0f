using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tessera.CodeMap.Models;

/// <summary>
/// Calls an endpoint and waits out what passes. Our own rather than the OpenAI package's: that one retries where neither budget nor
/// ledger sees it, and its bridge to <c>IChatClient</c> is another package.
/// </summary>
internal sealed class ModelClient : IDisposable
{
    private const int LongestComplaint = 300;
    private const int LargestAnswer = 256 << 20;

    private readonly ModelEndpoint _endpoint;
    private readonly Uri _address;
    private readonly HttpClient _http;

    public ModelClient(ModelEndpoint endpoint, string call)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Validate();
        _endpoint = endpoint;
        _address = endpoint.AddressOf(call);
        _http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        if (endpoint.Key is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.Key);
    }

    public ModelEndpoint Endpoint => _endpoint;

    /// <exception cref="ModelException">All attempts failed, or the server refused, or its answer is none.</exception>
    public async Task<TAnswer> PostAsync<TRequest, TAnswer>(
        TRequest request, JsonTypeInfo<TRequest> requestJson, JsonTypeInfo<TAnswer> answerJson, CancellationToken cancellationToken)
    {
        TimeSpan wait = _endpoint.BackOff;
        for (int attempt = 1; ; attempt++)
        {
            (byte[]? answer, ModelException? problem, TimeSpan? asked) = await TryAsync(request, requestJson, cancellationToken).ConfigureAwait(false);
            if (problem is null)
                return Parse(answer!, answerJson);
            if (attempt == _endpoint.Attempts)
                throw new ModelException($"{problem.Message} That was attempt {attempt} of {_endpoint.Attempts}.", problem);
            TimeSpan next = asked > wait ? asked.Value : wait;
            if (next > _endpoint.LongestBackOff)
                throw new ModelException($"{problem.Message} It asks to wait {next.TotalSeconds:0} s, which is too long.", problem);
            await Task.Delay(next, cancellationToken).ConfigureAwait(false);
            wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, _endpoint.LongestBackOff.Ticks));
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>One attempt; a problem that is returned may pass.</summary>
    private async Task<(byte[]? Answer, ModelException? Problem, TimeSpan? Wait)> TryAsync<TRequest>(
        TRequest request, JsonTypeInfo<TRequest> json, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_endpoint.TimeLimit);
        try
        {
            using JsonContent body = JsonContent.Create(request, json);
            using HttpResponseMessage response = await _http.PostAsync(_address, body, limit.Token).ConfigureAwait(false);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return (answer, null, null);
            string complaint = System.Text.Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, LongestComplaint))).ReplaceLineEndings(" ");
            var problem = new ModelException($"{_endpoint} answered {(int)response.StatusCode} {response.ReasonPhrase}: {complaint}");
            if (!MayPass(response.StatusCode))
                throw problem;
            return (null, problem, WaitOf(response.Headers.RetryAfter));
        }
        catch (HttpRequestException failure)
        {
            return (null, new ModelException($"{_endpoint} cannot be reached: {failure.Message}", failure), null);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new ModelException($"{_endpoint} did not answer within {_endpoint.TimeLimit.TotalSeconds:0.#} s.", late), null);
        }
    }

    private static bool MayPass(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    private static TimeSpan? WaitOf(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow,
        _ => null,
    };

    private TAnswer Parse<TAnswer>(byte[] answer, JsonTypeInfo<TAnswer> json)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, json) ?? throw new ModelException($"{_endpoint} answered nothing.");
        }
        catch (JsonException nonsense)
        {
            throw new ModelException($"{_endpoint} did not answer as OpenAI's interface says: {nonsense.Message}", nonsense);
        }
    }
}
