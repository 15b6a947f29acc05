using System.Text.Json;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A call whose every packet goes through a TURN server: the patient's by TLS, as behind a strict firewall, the clinician's by UDP.</summary>
public class RelayTests(ProductFixture fixture) : CallStory(fixture)
{
    // Keeps the page's connections for a look at their statistics, and has each use only the relay of one kind.
    private const string WatchConnections = """
        const urls = URLS;
        window.connectionsInTest = [];
        window.RTCPeerConnection = class extends RTCPeerConnection {
          constructor(configuration) {
            super({ ...configuration, iceServers: configuration.iceServers.map((server) => ({ ...server, urls: server.urls.filter((url) => url.startsWith(urls)) })) });
            window.connectionsInTest.push(this);
          }
        };
        """;

    // Of each open connection the way that its packets go: type of the own candidate and how the relay is reached.
    private const string ReadWays = """
        async () => {
          const ways = [];
          for (const connection of window.connectionsInTest.filter((each) => each.connectionState === 'connected')) {
            const statistics = await connection.getStats();
            for (const { type, selectedCandidatePairId } of statistics.values()) {
              if (type !== 'transport' || !selectedCandidatePairId) continue;
              const local = statistics.get(statistics.get(selectedCandidatePairId).localCandidateId);
              ways.push(`${local.candidateType} by ${local.relayProtocol}`);
            }
          }
          return ways;
        }
        """;

    private Coturn? _coturn;
    private RunningProduct? _product;

    protected override RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

    protected override IReadOnlyList<string> BrowserArguments => [$"--ignore-certificate-errors-spki-list={_coturn?.CertificateHash}"];

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Coturn.Missing is not null, Coturn.Missing ?? "");
        _coturn = await Coturn.StartAsync("127.0.0.1");
        _product = await RunningProduct.StartAsync(
            new Dictionary<string, string>
            {
                ["Turn__Urls__0"] = $"turn:127.0.0.1:{_coturn.Port}?transport=udp",
                ["Turn__Urls__1"] = $"turns:127.0.0.1:{_coturn.Port + 1}?transport=tcp",
                ["Turn__Secret"] = _coturn.Secret,
                ["Turn__RelayOnly"] = "true",
            },
            arguments: "--no-build");
    }

    [Fact]
    public async Task Picture_and_sound_arrive_through_a_relay_by_tls_and_by_udp()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.MargaretHughes, Journeys.DrOkafor);

        await AdmitAsync(patient, clinician, appointment);

        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 3);
        Assert.Equal(["relay by tls", "relay by tls"], await WaysAsync(patient.Page));
        Assert.Equal(["relay by udp", "relay by udp"], await WaysAsync(clinician.Page));
    }

    protected override Task PrepareAsync(Person person) =>
        person.Context.AddInitScriptAsync(WatchConnections.Replace("URLS", person.Name == "patient" ? "'turns:'" : "'turn:'", StringComparison.Ordinal));

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_product is not null)
        {
            await base.DisposeAsync();
            await _product.DisposeAsync();
        }
        if (_coturn is not null)
            await _coturn.DisposeAsync();
    }

    private static async Task<IEnumerable<string?>> WaysAsync(IPage page) =>
        (await page.EvaluateAsync<JsonElement>(ReadWays)).EnumerateArray().Select(way => way.GetString()).ToList();
}
