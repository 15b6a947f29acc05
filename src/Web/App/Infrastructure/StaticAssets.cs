using Microsoft.AspNetCore.StaticFiles;

namespace Telemedicine.Web.Infrastructure;

/// <summary>Styles and scripts: compressed, and kept by browsers for as long as their address names their version.</summary>
internal static class StaticAssets
{
    /// <summary>
    /// Pages are not among them: a page holds a request token beside what a request can put there, and compressed together over TLS their length would
    /// give the token away (BREACH).
    /// </summary>
    public static IServiceCollection AddAssetCompression(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        options.MimeTypes = ["text/css", "text/javascript", "image/svg+xml", "application/manifest+json"];
    });

    /// <summary>Those of the blur besides the usual ones: a model and its parts are bytes to a browser.</summary>
    public static FileExtensionContentTypeProvider Types { get; } = new()
    {
        Mappings = { [".tflite"] = "application/octet-stream", [".binarypb"] = "application/octet-stream", [".data"] = "application/octet-stream" },
    };

    public static void AllowCaching(StaticFileResponseContext file) =>
        file.Context.Response.Headers.CacheControl = file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
}
