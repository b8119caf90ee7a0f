using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;

namespace Tessera.Server;

/// <summary>
/// An HTTP API over what Tessera has built, and a page that shows it. Listens at once and loads in the background; what is
/// not loaded yet answers 503. Reads only: nothing that a caller does changes what is served.
/// </summary>
public sealed class TesseraServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication _app;
    private readonly ServedSystems _systems;
    private readonly CancellationTokenSource _stopping = new();
    private Task _loading = Task.CompletedTask;

    private TesseraServer(WebApplication app, ServedSystems systems)
    {
        _app = app;
        _systems = systems;
    }

    /// <summary>Where it listens; once it is started.</summary>
    /// <exception cref="InvalidOperationException">It is not started.</exception>
    public Uri Address
    {
        get
        {
            string? address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            return new Uri(address ?? throw new InvalidOperationException("The server is not started."));
        }
    }

    /// <summary>What could not be loaded so far, a line each.</summary>
    public IReadOnlyList<string> Failures =>
        [.. _systems.All.Where(system => system.State == LoadState.Failed).Select(system => $"{system.Title}: {system.Error}")];

    /// <summary>Starts to listen, and to load.</summary>
    /// <param name="options">What to serve, and to whom.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <returns>The server, which listens; what it serves is still loading.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the host is beyond loopback and there is no key.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<TesseraServer> StartAsync(ServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ServedSystems systems = SystemOpener.From(options);
        WebApplication app = ServerPipeline.Build(options, systems);
        var server = new TesseraServer(app, systems);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server._loading = Task.Run(() => systems.LoadAll(server._stopping.Token), CancellationToken.None);
        return server;
    }

    /// <summary>Waits until everything is loaded or has failed to.</summary>
    public Task WaitUntilLoadedAsync(CancellationToken cancellationToken = default) => _loading.WaitAsync(cancellationToken);

    /// <summary>Waits for the token, then stops: running requests get half a second.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await StopAsync();
        }
    }

    /// <summary>Stops listening; running requests get half a second.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        using var limit = new CancellationTokenSource(StopTime);
        await _app.StopAsync(limit.Token);
    }

    /// <summary>Stops, and closes what was served.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        await _loading;
        _systems.Dispose();
        _stopping.Dispose();
    }
}
