using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect;

/// <summary>303 (RFC 9110 section 15.4.4): fetch the answer there, with GET.</summary>
internal sealed class SeeOther(string location) : IResult
{
    /// <summary>The posted form as the query of a GET, repeats and all.</summary>
    public static async Task<SeeOther> WithFormAsync(string path, HttpRequest request) => new(
        request.HasFormContentType
            ? QueryHelpers.AddQueryString(path, await request.ReadFormAsync(request.HttpContext.RequestAborted))
            : path);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = location;
        return Task.CompletedTask;
    }
}

/// <summary>400 with our error page: the answer when there is no address that may be redirected to.</summary>
internal sealed class ShownError(string reason) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Set(new ErrorReason(reason));
        httpContext.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }
}

/// <summary>RFC 6749 section 5.2: an error as JSON.</summary>
internal sealed class OAuthError(int statusCode, string error, string description) : IResult
{
    public string Error => error;

    public static OAuthError BadRequest(string error, string description) => new(StatusCodes.Status400BadRequest, error, description);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = statusCode;

        // Section 5.2 asks for the challenge that matches the client's attempt; Basic is the one scheme there is.
        if (error == OAuthErrors.InvalidClient)
            httpContext.Response.Headers.WWWAuthenticate = "Basic realm=\"token\", charset=\"UTF-8\"";
        return httpContext.Response.WriteAsJsonAsync(new ErrorBody(error, description), ConnectJson.Default.ErrorBody, contentType: null, CancellationToken.None);
    }
}
