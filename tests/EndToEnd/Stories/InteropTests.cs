using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>
/// Debian's Firefox calls Chromium, and itself: joining, picture and sound, three layers and the one that fits the window, mute, camera off, a shared screen, each both ways,
/// and another network in the middle of it. (Chromium with itself is the other stories' business.)
/// </summary>
public sealed class InteropTests(InteropTests.Calls calls) : IClassFixture<InteropTests.Calls>
{
    private static readonly string[] Steps =
    [
        "join", "picture", "sound", "opus with FEC and DTX", "three layers", "smaller picture for a smaller window",
        "mute and unmute", "camera off and on", "screen", "mute and unmute", "camera off and on", "screen", "another network",
    ];

    [Theory]
    [InlineData("firefox", Journeys.MargaretHughes, "chromium", Journeys.DrOkafor, "GP consultation")]
    [InlineData("chromium", Journeys.SofiaAlmeida, "firefox", Journeys.NurseRaman, "Nurse review")]
    [InlineData("firefox", Journeys.LiamOConnor, "firefox", Journeys.MrNowak, "Physiotherapy")]
    public async Task Patient_and_clinician_can_do_in_their_browsers_all_that_a_call_offers(
        string patientBrowser, string patient, string clinicianBrowser, string clinician, string service)
    {
        Assert.SkipWhen(calls.Missing is not null, calls.Missing ?? "");

        var outcome = await calls.Running.CallAsync(new(patientBrowser, patient), new(clinicianBrowser, clinician, service));

        Assert.True(outcome.Failed is null, $"\"{outcome.Failed}\" did not come about, after: {string.Join(", ", outcome.Passed)}.\n{outcome.Error}");
        Assert.Equal(Steps, outcome.Passed);
    }

    /// <summary>One product and one network for all of them.</summary>
    public sealed class Calls : IAsyncLifetime
    {
        private BrowserCalls? _running;

        public string? Missing { get; private set; }

        public BrowserCalls Running => _running ?? throw new InvalidOperationException("Not started.");

        public async ValueTask InitializeAsync()
        {
            Missing = await BrowserCalls.MissingAsync();
            if (Missing is null)
                _running = await BrowserCalls.StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (_running is not null)
                await _running.DisposeAsync();
        }
    }
}
