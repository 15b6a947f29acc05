using Telemedicine.EndToEnd.Tests.Media;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A camera leaves in three sizes, and each receiver gets the one that fits.</summary>
public class PictureSizeTests(ProductFixture fixture) : CallStory(fixture)
{
    [Fact]
    public async Task Everyone_gets_the_picture_that_fits_their_screen()
    {
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.LiamOConnor, Journeys.DrOkafor);
        await AdmitAsync(patient, clinician, appointment);
        await SeeAndHearEachOtherAsync(patient, clinician, seconds: 3);

        // A phone shows 390 by 219 pixels of it, the clinician's window more.
        await patient.Page.SeesLinesAsync(Clip.Height / 2);
        await clinician.Page.SeesLinesAsync(Clip.Height);
        Assert.Equal(3, await clinician.Page.EvaluateAsync<int>(LayersSent));

        await patient.Page.SetViewportSizeAsync(1280, 1000);
        await patient.Page.SeesLinesAsync(Clip.Height);
        await patient.Page.SetViewportSizeAsync(320, 640);
        await patient.Page.SeesLinesAsync(Clip.Height / 4);
        await patient.Page.SeesAsync(Clip.Clinician);
    }

    /// <summary>Keeps the page's connections, so that the test can read their statistics.</summary>
    protected override Task PrepareAsync(Person person) => person.Context.AddInitScriptAsync("""
        window.connectionsInTest = [];
        window.RTCPeerConnection = class extends RTCPeerConnection {
          constructor(...settings) {
            super(...settings);
            window.connectionsInTest.push(this);
          }
        };
        """);

    private const string LayersSent = """
        async () => {
          let layers = 0;
          for (const connection of window.connectionsInTest)
            for (const entry of (await connection.getStats()).values())
              if (entry.type === 'outbound-rtp' && entry.kind === 'video' && entry.framesSent > 0) layers++;
          return layers;
        }
        """;
}
