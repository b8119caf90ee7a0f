using System.Diagnostics;

namespace Tessera.Server.Hosting;

/// <summary>Times as answers show them: milliseconds, to a hundredth.</summary>
internal static class Elapsed
{
    public static double Milliseconds(long start) => Milliseconds(Stopwatch.GetElapsedTime(start));

    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);
}
