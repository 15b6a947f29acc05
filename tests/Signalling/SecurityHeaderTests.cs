using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class SecurityHeaderTests(SharedHost shared) : SharedHostTest(shared)
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/no-such-address")]
    [InlineData("/clinics/4aa15951-75d8-5e30-920d-4b488d801b38/commands")]
    [InlineData("/clinics/4aa15951-75d8-5e30-920d-4b488d801b38/hub")]
    public async Task Whatever_a_browser_opens_here_runs_nothing_and_stands_in_no_frame(string address)
    {
        using var client = Host.CreateClient();

        using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);

        string Of(string name) => Assert.Single(answer.Headers.GetValues(name));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'", Of("Content-Security-Policy"));
        Assert.Equal("DENY", Of("X-Frame-Options"));
        Assert.Equal("nosniff", Of("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Of("Referrer-Policy"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(answer.Headers.Contains("Server"));
    }
}
