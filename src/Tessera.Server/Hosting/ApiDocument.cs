using Microsoft.AspNetCore.OpenApi;

namespace Tessera.Server.Hosting;

/// <summary>What the OpenAPI document says of itself.</summary>
internal static class ApiDocument
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Tessera";
        document.Info.Version = typeof(ApiDocument).Assembly.GetName().Version?.ToString(3) ?? "";
        document.Info.Description = "Reads what Tessera has built: code maps, indexes, semantic ids, styles of music, images by colour. Errors are application/problem+json.";
        return Task.CompletedTask;
    });
}
