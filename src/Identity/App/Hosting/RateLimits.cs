using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Telemedicine.Identity.Connect;

namespace Telemedicine.Identity.Hosting;

/// <summary>Limits for each address, against guessing at many accounts from one place. Guessing at one account is <see cref="Accounts.PasswordSignIn"/>'s.</summary>
public static class RateLimits
{
    public const string SignIn = "sign-in";
    public const string Email = "email";
    public const string Token = "token";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddRateLimits(this IServiceCollection services, ProviderSettings settings) =>
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(SignIn, context => FormsPerAddress(context, settings.SignInsPerMinute));
            options.AddPolicy(Email, context => FormsPerAddress(context, settings.EmailsPerMinute));
            options.AddPolicy(Token, context => PerAddress(context, settings.TokenRequestsPerMinute));
            options.OnRejected = async (rejected, cancellationToken) =>
            {
                var response = rejected.HttpContext.Response;
                response.Headers.RetryAfter = ((int)Window.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                if (rejected.HttpContext.Request.Path == TokenEndpoint.Path)
                {
                    await response.WriteAsJsonAsync(
                        new ErrorBody(OAuthErrors.TemporarilyUnavailable, "Too many requests."),
                        ConnectJson.Default.ErrorBody,
                        contentType: null,
                        cancellationToken);
                }
            };
        });

    /// <summary>Looking at a page is free.</summary>
    private static RateLimitPartition<string> FormsPerAddress(HttpContext context, int perMinute) =>
        HttpMethods.IsPost(context.Request.Method) ? PerAddress(context, perMinute) : RateLimitPartition.GetNoLimiter("not a form");

    private static RateLimitPartition<string> PerAddress(HttpContext context, int perMinute) =>
        RateLimitPartition.GetSlidingWindowLimiter(
            AddressOf(context.Connection.RemoteIpAddress),
            _ => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = Window, SegmentsPerWindow = 6, QueueLimit = 0 });

    /// <summary>One household or attacker has a whole IPv6 /64, so that is what counts as an address.</summary>
    internal static string AddressOf(IPAddress? address)
    {
        if (address is null)
            return string.Empty;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
