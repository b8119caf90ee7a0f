using System.Text.Json;

namespace Tessera.Cli.Tests.Hosting;

internal static class JsonShape
{
    /// <summary>The names of an object's properties, in order.</summary>
    public static string[] Names(this JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
