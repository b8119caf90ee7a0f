using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Tessera.Benchmarks.Serve;

/// <summary><c>serve</c>: how soon a server answers after its start, and whether it stays well under load.</summary>
internal static class ServeBench
{
    private const int Rounds = 5, Starts = 5;

    public static Command Create()
    {
        var images = new Option<string>("--images") { Description = "A folder of images to index and search; without it there are none in the mix." };
        var code = new Option<string>("--code") { Description = "A folder of sources to map and question; without it there are none in the mix." };
        var requests = new Option<int>("--requests") { Description = "Requests in each round.", DefaultValueFactory = _ => 10_000 };
        var atOnce = new Option<int>("--at-once") { Description = "Requests under way at once.", DefaultValueFactory = _ => 32 };
        var command = new Command("serve", "Measures the server: first results after the start, and a load of mixed requests.") { images, code, requests, atOnce };
        command.SetAction(parsed => Program.Guard(() =>
            Run(parsed.GetValue(images), parsed.GetValue(code), parsed.GetValue(requests), parsed.GetValue(atOnce)).GetAwaiter().GetResult()));
        return command;
    }

    private static async Task Run(string? images, string? code, int requests, int atOnce)
    {
        using var files = new ServedFiles(images);
        if (files.Colors is not null)
            await MeasureStarts(files);
        using ServerProcess server = ServerProcess.Start(files, code);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = atOnce }) { BaseAddress = server.Address };
        while (JsonNode.Parse(await client.GetStringAsync(new Uri("/health", UriKind.Relative)))!["status"]!.GetValue<string>() == "loading")
            await Task.Delay(50);
        byte[]? upload = files.Images == 0 ? null : await client.GetByteArrayAsync(new Uri("/api/colors/images/1/thumbnail?size=640", UriKind.Relative));
        var mix = new LoadMix(files.Images, code is not null, upload);
        for (int round = 0; round < Rounds; round++)
            await Load(client, server, mix, round, requests, atOnce);
    }

    /// <summary>From the start of the process to the first images, with an index that is there.</summary>
    private static async Task MeasureStarts(ServedFiles files)
    {
        var times = new List<double>();
        for (int i = 0; i < Starts; i++)
        {
            using ServerProcess server = ServerProcess.Start(files, code: null);
            using var client = new HttpClient { BaseAddress = server.Address };
            while (true)
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri("/api/colors/search?colors=teal&k=40", UriKind.Relative));
                if (response.StatusCode == HttpStatusCode.OK)
                    break;
                await Task.Delay(5);
            }

            times.Add(Stopwatch.GetElapsedTime(server.Started).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine(FormattableString.Invariant($"first results with {files.Images:N0} images: {times[Starts / 2]:N0} ms after the process started (median of {Starts}, {times[0]:N0} to {times[^1]:N0})"));
    }

    private static async Task Load(HttpClient client, ServerProcess server, LoadMix mix, int round, int requests, int atOnce)
    {
        var times = new ConcurrentBag<(string Kind, double Milliseconds)>();
        var wrong = new ConcurrentBag<string>();
        long start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, cancellationToken) =>
        {
            LoadRequest request = mix.Make(i);
            long sent = Stopwatch.GetTimestamp();
            try
            {
                using var message = new HttpRequestMessage(request.Body is null ? HttpMethod.Get : HttpMethod.Post, request.Address) { Content = request.Body };
                // Asked before it is sent: a body that is refused unread would break the connection under the sender.
                message.Headers.ExpectContinue = request.Expected == HttpStatusCode.RequestEntityTooLarge;
                using HttpResponseMessage response = await client.SendAsync(message, cancellationToken);
                await response.Content.CopyToAsync(Stream.Null, cancellationToken);
                if (response.StatusCode != request.Expected)
                    wrong.Add($"{request.Address}: {(int)response.StatusCode}");
            }
            catch (HttpRequestException exception)
            {
                wrong.Add($"{request.Address}: {exception.Message}");
            }

            times.Add((request.Kind, Stopwatch.GetElapsedTime(sent).TotalMilliseconds));
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(FormattableString.Invariant(
            $"round {round + 1}: {requests:N0} requests, {atOnce} at once, in {seconds:0.0} s ({requests / seconds:N0}/s), {wrong.Count} wrong, {server.WorkingSet / 1e6:N0} MB in memory"));
        foreach (string one in wrong.Take(5))
            Console.WriteLine($"  {one}");
        if (round < Rounds - 1)
            return;
        foreach (var kind in times.GroupBy(time => time.Kind).OrderBy(group => group.Key))
        {
            double[] sorted = [.. kind.Select(time => time.Milliseconds).Order()];
            Console.WriteLine(FormattableString.Invariant($"  {kind.Key,-10} {sorted.Length,6:N0}   p50 {sorted[sorted.Length / 2],7:0.0} ms   p95 {sorted[sorted.Length * 95 / 100],7:0.0} ms"));
        }
    }
}
