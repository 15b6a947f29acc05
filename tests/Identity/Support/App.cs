using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using OtpNet;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>An authenticator app on a phone whose clock is right.</summary>
public sealed class App(IdentityHost host, string secret)
{
    private readonly Totp _totp = new(Base32Encoding.ToBytes(secret.Replace(" ", "", StringComparison.Ordinal)));

    /// <param name="step">How many half minutes from now.</param>
    public string Code(int step = 0) => _totp.ComputeTotp(host.Clock.GetUtcNow().UtcDateTime.AddSeconds(30 * step));

    /// <summary>The first code of an app that was given the key on the page.</summary>
    public static string Code(IdentityHost host, IHtmlDocument setUp) => new App(host, setUp.QuerySelector("#secret")?.TextContent ?? "").Code();
}
