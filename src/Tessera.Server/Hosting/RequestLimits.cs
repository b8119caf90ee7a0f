using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Tessera.Server.Hosting;

/// <summary>How often a client may ask, how many requests are worked on at once, and for how long.</summary>
internal static class RequestLimits
{
    /// <summary>The policy of what keeps a processor busy for a while.</summary>
    public const string Heavy = "heavy";

    private const int BurstSeconds = 5;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(30);

    /// <param name="services">Where they are added.</param>
    /// <param name="requestsPerSecond">Of one client; 0 for no limit.</param>
    public static void Add(IServiceCollection services, int requestsPerSecond)
    {
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = Time });
        services.AddRateLimiter(limits =>
        {
            limits.GlobalLimiter = requestsPerSecond == 0
                ? PartitionedRateLimiter.Create<HttpContext, string>(Everyone)
                : PartitionedRateLimiter.CreateChained(
                    PartitionedRateLimiter.Create<HttpContext, string>(context => Client(context, requestsPerSecond)),
                    PartitionedRateLimiter.Create<HttpContext, string>(Everyone));
            limits.AddPolicy(Heavy, _ => RateLimitPartition.GetConcurrencyLimiter(Heavy, _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = Environment.ProcessorCount,
                QueueLimit = 64,
            }));
            limits.OnRejected = Refuse;
        });
    }

    private static RateLimitPartition<string> Everyone(HttpContext context) => RateLimitPartition.GetConcurrencyLimiter("all", _ => new ConcurrencyLimiterOptions
    {
        PermitLimit = 16 * Environment.ProcessorCount,
        QueueLimit = 512,
    });

    private static RateLimitPartition<string> Client(HttpContext context, int requestsPerSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = BurstSeconds * requestsPerSecond,
            TokensPerPeriod = requestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        });

    private static async ValueTask Refuse(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        bool tooOften = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait);
        int seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.WriteAsync(
            rejected.HttpContext,
            tooOften ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable,
            tooOften ? $"Too many requests; wait {seconds} s." : "The server has more requests than it can work on; try again in a moment.");
    }
}
