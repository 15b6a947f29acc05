using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>What a page costs someone who pays for each megabyte.</summary>
public class WeightTests(ProductFixture fixture) : Story(fixture)
{
    private const double MaxTransferred = 100 * 1024;

    [Fact]
    public async Task The_first_page_transfers_less_than_100_KB_with_all_that_it_loads()
    {
        var person = await PersonAsync("first visit");
        await using var meter = await Meter.StartAsync(person.Page);

        await person.Page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });

        Assert.InRange(meter.Transferred, 5 * 1024, MaxTransferred);
    }

    [Fact]
    public async Task Every_page_up_to_the_booking_transfers_less_than_100_KB_even_without_a_cache()
    {
        var person = await PersonAsync("patient");
        await person.Page.SignInAsync("mei.chen@example.com", Product.Password);
        foreach (var address in new[] { "/appointments", "/appointments/book", "/appointments/reminders", "/demonstration/messages" })
        {
            await using var meter = await Meter.StartAsync(person.Page);

            await person.Page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });

            Assert.True(meter.Transferred is > 5 * 1024 and < MaxTransferred, $"{address}: {meter.Transferred / 1024:0} KB");
        }
    }

    /// <summary>Counts the bytes that come over the network, headers and all, with an empty cache.</summary>
    private sealed class Meter(ICDPSession session) : IAsyncDisposable
    {
        public double Transferred { get; private set; }

        public static async Task<Meter> StartAsync(IPage page)
        {
            var session = await page.Context.NewCDPSessionAsync(page);
            var meter = new Meter(session);
            session.Event("Network.loadingFinished").OnEvent += (_, data) =>
                meter.Transferred += data is { } finished ? finished.GetProperty("encodedDataLength").GetDouble() : 0;
            await session.SendAsync("Network.enable");
            await session.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
            return meter;
        }

        public async ValueTask DisposeAsync() => await session.DetachAsync();
    }
}
