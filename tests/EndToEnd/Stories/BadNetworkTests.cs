using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Media;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A call over networks that hardly carry it: speech goes on, the picture gives way and comes back.</summary>
public class BadNetworkTests(ProductFixture fixture) : CallStory(fixture)
{
    private const string Slow = "Your connection is slow, so the picture is paused. You can still hear each other.";
    private const string Back = "The picture is back.";

    // All packets must go through the relay, so the page is not told of the media node's TCP port. Its connections are kept for a look at their statistics.
    private const string PreparePage = """
        window.connectionsInTest = [];
        window.RTCPeerConnection = class extends RTCPeerConnection {
          constructor(configuration) {
            super(configuration);
            window.connectionsInTest.push(this);
          }
        };
        const setRemote = RTCPeerConnection.prototype.setRemoteDescription;
        RTCPeerConnection.prototype.setRemoteDescription = function (description) {
          return setRemote.call(this, { type: description.type, sdp: description.sdp.replace(/a=candidate:\S+ \d+ tcp .*\r\n/gi, '') });
        };
        """;

    // So many seconds, one after the other, in each of which sound was played. It reads on the side: a promise would count as true.
    private const string Speech = """
        ({ seconds }) => {
          const speech = (window.speechInTest ??= { at: 0, energy: undefined, seconds: 0, reading: false });
          if (speech.seconds >= seconds) {
            delete window.speechInTest;
            return true;
          }
          if (speech.reading || performance.now() - speech.at < 1000) return false;
          speech.reading = true;
          const read = async () => {
            let energy = 0;
            for (const connection of window.connectionsInTest) {
              for (const report of (await connection.getStats()).values()) if (report.type === 'inbound-rtp' && report.kind === 'audio') energy += report.totalAudioEnergy;
            }
            speech.seconds = speech.energy !== undefined && energy > speech.energy + 1e-4 ? speech.seconds + 1 : 0;
            Object.assign(speech, { at: performance.now(), energy, reading: false });
          };
          void read();
          return false;
        }
        """;

    private PoorNetwork? _network;
    private RunningProduct? _product;

    protected override RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

    private PoorNetwork Network => _network ?? throw new InvalidOperationException("Not started.");

    public override async ValueTask InitializeAsync()
    {
        var port = RunningProduct.FreePorts();
        _network = new PoorNetwork(port + 3);
        _product = await RunningProduct.StartAsync(
            new Dictionary<string, string> { ["Media__AnnouncedPort"] = $"{_network.Port}" }, port: port, arguments: "--no-build");
    }

    [Fact]
    public async Task Speech_goes_on_and_the_picture_comes_back_with_the_network()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.MargaretHughes, Journeys.DrOkafor);
        await AdmitAsync(patient, clinician, appointment);
        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 1);

        Network.Condition = new NetworkCondition(DownBitsPerSecond: 50_000);
        await Expect(Status(patient.Page)).ToHaveTextAsync(Slow);
        await SpeechGoesOnAsync(patient, clinician);
        await Task.WhenAll(RecoversAsync("50 kbit/s down", patient, clinician), Expect(Status(patient.Page)).ToHaveTextAsync(Back));

        Network.Condition = new NetworkCondition(Loss: 0.2, Delay: TimeSpan.FromMilliseconds(150), Jitter: TimeSpan.FromMilliseconds(30));
        var lost = Network.Dropped;
        await SpeechGoesOnAsync(patient, clinician);
        Assert.True(Network.Dropped - lost > 50, "The network lost hardly anything: not what this story is about.");
        await RecoversAsync("20 % loss, 300 ms there and back, jitter", patient, clinician);
    }

    protected override Task PrepareAsync(Person person) => person.Context.AddInitScriptAsync(PreparePage);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_product is not null)
        {
            await base.DisposeAsync();
            await _product.DisposeAsync();
        }
        if (_network is not null)
            await _network.DisposeAsync();
    }

    private static ILocator Status(IPage page) => page.Locator("[data-call=status]");

    private static Task SpeechGoesOnAsync(params Person[] people) => Task.WhenAll(people.Select(person =>
        person.Page.WaitForFunctionAsync(Speech, new { seconds = 4 }, new() { PollingInterval = 200, Timeout = ProductFixture.Patience })));

    /// <summary>The network is good again, and so is the call.</summary>
    private async Task RecoversAsync(string after, Person patient, Person clinician)
    {
        var began = Stopwatch.GetTimestamp();
        Network.Condition = NetworkCondition.Good;
        await Task.WhenAll(patient.Page.PictureMovesAsync(), clinician.Page.PictureMovesAsync());
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"After {after} both pictures moved again within {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s."));
        await Task.WhenAll(patient.Page.SeesAsync(Clip.Clinician), clinician.Page.SeesAsync(Clip.Patient));
        await Task.WhenAll(patient.Page.HearsAsync(Clip.Clinician), clinician.Page.HearsAsync(Clip.Patient));
    }
}
