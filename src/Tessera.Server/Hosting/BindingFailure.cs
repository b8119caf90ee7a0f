using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using System.Globalization;

namespace Tessera.Server.Hosting;

/// <summary>Says which parameter of an address could not be read, which routing does not.</summary>
internal static class BindingFailure
{
    public static string Explain(HttpContext context)
    {
        foreach (IParameterBindingMetadata parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            string? given = context.Request.Query[parameter.Name];
            if (string.IsNullOrEmpty(given))
            {
                if (!parameter.IsOptional && !context.Request.RouteValues.ContainsKey(parameter.Name) && parameter.ParameterInfo.ParameterType == typeof(string))
                    return $"{parameter.Name} is missing; give it behind the '?'.";
                continue;
            }

            if (Wanted(parameter.ParameterInfo.ParameterType, given) is { } wanted)
                return $"{parameter.Name} is '{Check.Shown(given)}'; give {wanted}.";
        }

        return "The request cannot be read; see /openapi/v1.json.";
    }

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
