using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Connect;

public sealed class SigningKeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_and_a_second_instance_use_the_key_that_is_there()
    {
        await using var host = new IdentityHost();
        var first = await PublishedAsync(host);
        await using var second = host.AnotherInstance();

        Assert.Equal(first, await PublishedAsync(second));
    }

    [Fact]
    public async Task The_private_key_is_not_readable_in_the_database()
    {
        await using var host = new IdentityHost();
        await PublishedAsync(host);

        var key = await host.InDatabaseAsync(database => database.SigningKeys.SingleAsync(Cancellation));

        using var ecdsa = ECDsa.Create();
        Assert.Throws<CryptographicException>(() => ecdsa.ImportPkcs8PrivateKey(key.ProtectedPrivateKey, out _));
        ecdsa.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        Assert.Equal(256, ecdsa.KeySize);
    }

    [Fact]
    public async Task A_successor_is_published_two_weeks_ahead_signs_when_its_time_comes_and_the_old_key_stays_two_weeks()
    {
        await using var host = new IdentityHost();
        var keys = host.Services.GetRequiredService<SigningKeys>();
        var old = Assert.Single(await PublishedAsync(host));

        host.Clock.Advance(TimeSpan.FromDays(75));
        await keys.RotateAsync();
        var tooEarly = await PublishedAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(1));
        await keys.RotateAsync();
        await keys.RotateAsync();
        var ahead = await PublishedAsync(host);
        var signerBefore = await SignerAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(14));
        var signerAfter = await SignerAsync(host);
        var overlapping = await PublishedAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(14));
        var afterwards = await PublishedAsync(host);

        Assert.Equal([old], tooEarly);
        Assert.Equal(2, ahead.Count);
        Assert.Equal(old, signerBefore);
        Assert.NotEqual(old, signerAfter);
        Assert.Contains(signerAfter, ahead);
        Assert.Equal(ahead.Order(), overlapping.Order());
        Assert.Equal([signerAfter], afterwards);
    }

    [Fact]
    public async Task A_service_that_slept_past_its_key_makes_one_at_start()
    {
        await using var host = new IdentityHost();
        var old = Assert.Single(await PublishedAsync(host));
        host.Clock.Advance(TimeSpan.FromDays(400));
        await using var restarted = host.AnotherInstance();

        var signer = await SignerAsync(restarted);

        Assert.NotEqual(old, signer);
        Assert.Equal([signer], await PublishedAsync(restarted));
    }

    [Fact]
    public async Task Instances_that_rotate_at_the_same_moment_agree_on_one_key()
    {
        await using var host = new IdentityHost();
        await using var second = host.AnotherInstance();
        await PublishedAsync(host);
        await PublishedAsync(second);
        host.Clock.Advance(TimeSpan.FromDays(80));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(
            () => (index % 2 == 0 ? host : second).Services.GetRequiredService<SigningKeys>().RotateAsync(), Cancellation)));

        Assert.Equal(2, (await PublishedAsync(host)).Count);
        Assert.Equal(await PublishedAsync(host), await PublishedAsync(second));
    }

    private static async Task<List<string>> PublishedAsync(IdentityHost host)
    {
        using var channel = host.OpenBackChannel();
        var keySet = JsonDocument.Parse(await channel.GetStringAsync("/.well-known/jwks.json", Cancellation)).RootElement;
        return [.. keySet.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()).OfType<string>()];
    }

    /// <summary>The key id of a token signed now.</summary>
    private static async Task<string> SignerAsync(IdentityHost host)
    {
        using var browser = host.OpenBrowser();
        var tokens = await Application.Web.SignInAsync(host, browser, Person.Patient().Email);
        return tokens.Header.GetProperty("kid").GetString() ?? throw new InvalidOperationException("The token names no key.");
    }
}
