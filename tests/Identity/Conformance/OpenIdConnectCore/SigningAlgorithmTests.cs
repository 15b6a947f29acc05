using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.OpenIdConnectCore;

/// <summary>OpenID Connect Core sections 2, 10.1 and 15.1: an application that can do RS256 only is served; keys of both algorithms are rotated with overlap.</summary>
public sealed class SigningAlgorithmTests : IAsyncDisposable
{
    private readonly IdentityHost _host = new()
    {
        Overrides = { ["Clients:1:IdTokenSigningAlg"] = "RS256", ["Clients:1:BackChannelLogoutUri"] = "https://other.example/logout" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_application_gets_ID_and_logout_tokens_in_its_own_algorithm()
    {
        using var browser = _host.OpenBrowser();
        var usual = await Application.Web.SignInAsync(_host, browser, Person.Patient().Email);
        var asked = await Application.Other.SignInAsync(_host, browser, Person.Patient().Email);
        await browser.RedirectOfAsync($"/connect/end-session?id_token_hint={asked.IdToken}");
        using (var sender = ActivatorUtilities.CreateInstance<LogoutSender>(_host.Services))
            await sender.SendDueAsync(Cancellation);
        var (_, logoutToken) = await _host.Applications.NextAsync();

        Assert.Equal("ES256", usual.Header.GetProperty("alg").GetString());
        Assert.Equal("RS256", asked.Header.GetProperty("alg").GetString());
        await AssertVerifiesAsync(usual.IdToken, "web", "ES256");
        await AssertVerifiesAsync(asked.IdToken, "other", "RS256");
        await AssertVerifiesAsync(logoutToken, "other", "RS256");
        using var channel = _host.OpenBackChannel();
        var keys = new JsonWebKeySet(await channel.GetStringAsync("/.well-known/jwks.json", Cancellation)).Keys;
        Assert.Equal(["ES256", "RS256"], keys.Select(key => key.Alg).Order(StringComparer.Ordinal));
        Assert.All(keys, key => Assert.False(key.HasPrivateKey));
        Assert.Equal(3072, keys.Single(key => key.Kty == "RSA").KeySize);
    }

    [Fact]
    public async Task Keys_of_both_are_published_ahead_and_after()
    {
        var keys = _host.Services.GetRequiredService<SigningKeys>();
        var before = await keys.PublishedAsync(Cancellation);
        _host.Clock.Advance(TimeSpan.FromDays(80));
        await keys.RotateAsync();
        var ahead = await keys.PublishedAsync(Cancellation);
        var signsYet = (await keys.CurrentAsync("RS256", Cancellation)).Kid;
        _host.Clock.Advance(TimeSpan.FromDays(11));
        await keys.RotateAsync();
        var overlapping = await keys.PublishedAsync(Cancellation);
        var signsThen = (await keys.CurrentAsync("RS256", Cancellation)).Kid;
        _host.Clock.Advance(TimeSpan.FromDays(14));

        Assert.Equal((2, 4, 4), (before.Count, ahead.Count, overlapping.Count));
        Assert.Contains(before, key => key.KeyId == signsYet);
        Assert.DoesNotContain(before, key => key.KeyId == signsThen);
        Assert.Contains(ahead, key => key.KeyId == signsThen);
        Assert.Equal(2, (await keys.PublishedAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task Instances_that_rotate_at_the_same_moment_have_one_key_of_each_in_the_end()
    {
        await using var second = _host.AnotherInstance();
        _ = _host.Services;
        _ = second.Services;
        _host.Clock.Advance(TimeSpan.FromDays(80));
        await Task.WhenAll(new[] { _host, second }.Select(host => Task.Run(() => host.Services.GetRequiredService<SigningKeys>().RotateAsync(), Cancellation)));

        // Whoever lost a race tries again with the next round.
        await second.Services.GetRequiredService<SigningKeys>().RotateAsync();

        var rows = await _host.InDatabaseAsync(database => database.SigningKeys.AsNoTracking().ToListAsync(Cancellation));
        Assert.Equal([("ES256", 2), ("RS256", 2)], rows.GroupBy(row => row.Algorithm).Select(group => (group.Key, group.Count())).Order());
    }

    [Fact]
    public async Task Without_an_application_that_asks_there_is_no_RSA_key()
    {
        await using var host = new IdentityHost();

        Assert.IsType<ECDsaSecurityKey>(Assert.Single(await host.Services.GetRequiredService<SigningKeys>().PublishedAsync(Cancellation)));
    }

    [Fact]
    public async Task A_hint_in_either_is_understood_and_one_signed_with_the_public_key_is_not()
    {
        using var browser = _host.OpenBrowser();
        var tokens = await Application.Other.SignInAsync(_host, browser, Person.Patient().Email);
        using var channel = _host.OpenBackChannel();
        var forged = Forged.SignedWithPublicKey(tokens.IdToken, await channel.GetStringAsync("/.well-known/jwks.json", Cancellation));

        var good = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl(("prompt", "none"), ("id_token_hint", tokens.IdToken)));
        var bad = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl(("prompt", "none"), ("id_token_hint", forged)));

        Assert.Contains("code", Browser.Query(good).Keys);
        Assert.Equal("invalid_request", Browser.Query(bad)["error"]);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task AssertVerifiesAsync(string token, string audience, string algorithm)
    {
        using var channel = _host.OpenBackChannel();
        var keys = new JsonWebKeySet(await channel.GetStringAsync("/.well-known/jwks.json", Cancellation));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = IdentityHost.Issuer,
            ValidAudience = audience,
            ValidAlgorithms = [algorithm],
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidateLifetime = false,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
    }
}
