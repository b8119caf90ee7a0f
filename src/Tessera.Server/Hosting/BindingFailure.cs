using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Tessera.Server.Hosting;

/// <summary>Says which parameter of an address could not be read, which routing does not.</summary>
internal static class BindingFailure
{
    /// <returns>Null where it was something else.</returns>
    public static string? Explain(HttpContext context)
    {
        foreach (IParameterBindingMetadata parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            string? given = context.Request.Query[parameter.Name];
            if (string.IsNullOrEmpty(given))
            {
                if (!parameter.IsOptional && !context.Request.RouteValues.ContainsKey(parameter.Name) && parameter.ParameterInfo.ParameterType == typeof(string))
                    return $"{NameOf(parameter)} is missing; give it behind the '?'.";
                continue;
            }

            if (Wanted(parameter.ParameterInfo.ParameterType, given) is { } wanted)
                return $"{NameOf(parameter)} is '{Check.Shown(given)}'; give {wanted}.";
        }

        return null;
    }

    /// <summary>As the address has it; of several that are read together, the name is that of a property.</summary>
    private static string NameOf(IParameterBindingMetadata parameter) => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name);

    /// <summary>What a parameter takes; null where it takes what was given.</summary>
    private static string? Wanted(Type type, string given)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int))
            return int.TryParse(given, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number";
        if (type == typeof(long))
            return long.TryParse(given, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number";
        return type == typeof(float) && !float.TryParse(given, CultureInfo.InvariantCulture, out _) ? "a number" : null;
    }
}
