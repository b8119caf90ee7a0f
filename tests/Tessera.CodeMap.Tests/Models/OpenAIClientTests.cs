using System.Diagnostics;
using Microsoft.Extensions.AI;
using Tessera.CodeMap.Models;

namespace Tessera.CodeMap.Tests.Models;

public sealed class OpenAIClientTests : IDisposable
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "What is it?")];

    private readonly FakeEndpoint _server = new();

    [Fact]
    public async Task A_question_is_asked_with_model_and_key_and_its_tokens_are_counted()
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        _server.Plan(FakeEndpoint.Says("It is a test."));

        ChatResponse response = await client.GetResponseAsync(Question);

        Assert.Equal("It is a test.", response.Text);
        Assert.Equal((100, 10), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
        FakeCall call = Assert.Single(_server.Calls);
        Assert.Equal(("/v1/chat/completions", "Bearer secret-of-the-test"), (call.Path, call.Authorization));
        Assert.Equal("""{"model":"fake","messages":[{"role":"user","content":"What is it?"}]}""", call.Body);
    }

    [Fact]
    public async Task An_answer_comes_as_a_stream_of_one()
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        _server.Plan(FakeEndpoint.Says("It is a test."));
        var said = new List<string>();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Question))
            said.Add(update.Text);
        Assert.Equal("It is a test.", string.Concat(said));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        _server.Plan(new FakeAnswer(status, "busy"), new FakeAnswer(status, "busy"), FakeEndpoint.Says("Now."));
        Assert.Equal("Now.", (await client.GetResponseAsync(Question)).Text);
        Assert.Equal(3, _server.Calls.Count);
    }

    [Fact]
    public async Task A_server_is_left_alone_as_long_as_it_asks_for()
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        _server.Plan(new FakeAnswer(429, "slow down") { RetryAfter = "1" }, FakeEndpoint.Says("Now."));
        long start = Stopwatch.GetTimestamp();
        await client.GetResponseAsync(Question);
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(0.99));
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_is_given_up()
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        _server.Plan(new FakeAnswer(429, "slow down") { RetryAfter = "3600" });
        ModelException problem = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Question));
        Assert.Contains("3600 s", problem.Message, StringComparison.Ordinal);
        Assert.Single(_server.Calls);
    }

    [Fact]
    public async Task A_refusal_is_not_tried_again_and_tells_what_the_server_says()
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        _server.Plan(new FakeAnswer(401, "wrong key"));
        ModelException problem = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Question));
        Assert.Contains("401", problem.Message, StringComparison.Ordinal);
        Assert.Contains("wrong key", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.Single(_server.Calls);
    }

    [Fact]
    public async Task A_server_that_stalls_is_given_up_after_all_attempts()
    {
        using var client = new OpenAIChatClient(_server.Endpoint() with { TimeLimit = TimeSpan.FromMilliseconds(50), Attempts = 2 });
        _server.Always = _ => FakeEndpoint.Says("Too late.") with { Delay = TimeSpan.FromSeconds(30) };
        ModelException problem = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Question));
        Assert.Contains("did not answer within", problem.Message, StringComparison.Ordinal);
        Assert.Contains("attempt 2 of 2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_stops_is_not_told_of_a_failure()
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        using var stop = new CancellationTokenSource();
        _server.Always = _ =>
        {
            stop.Cancel();
            return FakeEndpoint.Says("Too late.") with { Delay = TimeSpan.FromSeconds(30) };
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync(Question, cancellationToken: stop.Token));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        using var client = new OpenAIChatClient(_server.Endpoint() with { Url = new Uri("http://127.0.0.1:1"), Attempts = 2 });
        Assert.Contains("fake at http://127.0.0.1:1", (await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Question))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"message":null}]}""")]
    public async Task Nonsense_is_a_clear_error(string body)
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        _server.Plan(new FakeAnswer(200, body));
        await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Question));
    }

    [Fact]
    public async Task A_server_that_knows_no_response_format_is_asked_without_it_from_then_on()
    {
        using var client = new OpenAIChatClient(_server.Endpoint());
        var json = new ChatOptions { ResponseFormat = ChatResponseFormat.Json };
        _server.Plan(new FakeAnswer(400, "'response_format' is not supported"), FakeEndpoint.Says("{}"), FakeEndpoint.Says("{}"));
        await client.GetResponseAsync(Question, json);
        await client.GetResponseAsync(Question, json);
        Assert.Equal([true, false, false], _server.Calls.Select(call => call.Body.Contains("json_object", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "/v1/chat/completions")]
    [InlineData("/", "/v1/chat/completions")]
    [InlineData("/v1", "/v1/chat/completions")]
    [InlineData("/proxy/v1/", "/proxy/v1/chat/completions")]
    [InlineData("/some/chat/completions", "/some/chat/completions")]
    public async Task An_address_may_be_the_server_or_the_version_or_the_call(string path, string asked)
    {
        using var client = new OpenAIChatClient(_server.Endpoint() with { Url = new Uri(_server.Url + path) });
        await client.GetResponseAsync(Question);
        Assert.Equal(asked, _server.Calls[0].Path);
    }

    public void Dispose() => _server.Dispose();
}
