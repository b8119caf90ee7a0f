using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tessera.Server.Code;
using Tessera.Server.Colors;
using Tessera.Server.Ids;
using Tessera.Server.Indexes;
using Tessera.Server.Loading;
using Tessera.Server.Metrics;
using Tessera.Server.Music;
using Tessera.Server.Page;
using Tessera.Server.Systems;
using Tessera.Server.Trees;

namespace Tessera.Server.Hosting;

/// <summary>Puts the server together: what every request passes through, in order, and the addresses at its end.</summary>
internal static class ServerPipeline
{
    public static WebApplication Build(ServerOptions options, ServedSystems systems)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Logging.AddProvider(new ErrorStreamLogger()).SetMinimumLevel(LogLevel.Error);
        IServiceCollection services = builder.Services;
        services.AddRoutingCore().AddMetrics().AddSingleton<MetricsText>();
        services.ConfigureHttpJsonOptions(json => ServerJson.Configure(json.SerializerOptions).TypeInfoResolverChain.Insert(0, ServerJson.Default));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddOpenApi(ApiDocument.Configure);
        RequestLimits.Add(services, options.RateLimit);
        services.AddResponseCompression();
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        WebApplication app = builder.Build();
        Use(app, options);
        MapAll(app, options, systems);
        return app;
    }

    private static void Use(WebApplication app, ServerOptions options)
    {
        ApiKeyCheck? key = options.ApiKey is null ? null : new ApiKeyCheck(options.ApiKey);
        app.Use((context, next) =>
        {
            SecurityHeaders.Set(context);
            return next(context);
        });
        app.UseProblems();
        app.Use((context, next) =>
        {
            if (options.IsLoopback && !HostCheck.Allows(context.Request, out string detail))
                throw new RequestException(StatusCodes.Status421MisdirectedRequest, detail);
            if (key is not null && ApiKeyCheck.Guards(context.Request.Path) && !key.Allows(context.Request))
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                return Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, "Give the API key as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'.");
            }

            return next(context);
        });
        app.UseResponseCompression();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseRequestTimeouts();
    }

    private static void MapAll(WebApplication app, ServerOptions options, ServedSystems systems)
    {
        SystemEndpoints.MapHealth(app, systems);
        RouteGroupBuilder api = app.MapGroup("/api");
        SystemEndpoints.Map(api, systems);
        TreeEndpoints.Map(api, systems);
        ColorEndpoints.Map(api, systems);
        CodeEndpoints.Map(api, systems);
        IndexEndpoints.Map(api, systems);
        IdEndpoints.Map(api, systems);
        MusicEndpoints.Map(api, systems);
        MetricsEndpoint.Map(app, app.Services.GetRequiredService<MetricsText>());
        app.MapOpenApi();
        PageEndpoints.Map(app, new PageFiles(options.WebRoot));
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 1000;
        kestrel.Limits.MaxRequestBodySize = 1 << 20;
        kestrel.Limits.MaxRequestLineSize = 8 << 10;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        if (options.Host != "localhost")
            kestrel.Listen(IPAddress.Parse(options.Host), options.Port);
        else if (options.Port != 0)
            kestrel.ListenLocalhost(options.Port);
        else
            // Two addresses would take two different free ports.
            kestrel.Listen(IPAddress.Loopback, 0);
    }
}
