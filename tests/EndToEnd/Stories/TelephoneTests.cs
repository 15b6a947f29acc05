using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Media;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A network lets no media through: both sides are offered the telephone, go on by it in the same consultation, and staff see it and look after it.</summary>
public class TelephoneTests(ProductFixture fixture) : CallStory(fixture)
{
    /// <summary>The page never hears of a way to the media node.</summary>
    private const string BlockMedia = """
        const set = RTCPeerConnection.prototype.setRemoteDescription;
        RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
          return set.call(this, { type, sdp: sdp.replace(/^a=candidate:.*\r\n/gim, '') });
        };
        """;

    private RunningProduct? _product;

    protected override RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

    public override async ValueTask InitializeAsync() => _product = await RunningProduct.StartAsync(arguments: "--no-build");

    [Fact]
    public async Task Without_media_both_sides_go_on_by_telephone_and_staff_look_after_it()
    {
        var staff = await PersonAsync("staff");
        await staff.Page.SignInAsync(Journeys.HelenBrooks, Product.Password);
        var (patient, clinician, appointment) = await InTheWaitingRoomAsync(Journeys.MargaretHughes, Journeys.DrOkafor);
        await staff.Page.GotoAsync("/clinics/rescue");
        await AdmitAsync(patient, clinician, appointment);

        // After 20 seconds, on both pages and at the desk, without anybody loading anything.
        var offered = "Sound and picture do not come through";
        await Expect(patient.Page.Heading(offered)).ToBeVisibleAsync();
        await Expect(clinician.Page.Heading(offered)).ToBeVisibleAsync();
        await Expect(patient.Page.GetByText("will call you on 01632 960111")).ToBeVisibleAsync();
        await Expect(clinician.Page.Link("01632 960111")).ToHaveAttributeAsync("href", "tel:01632960111");
        var desk = staff.Page.GetByRole(AriaRole.Region, new() { NameRegex = new("Margaret Hughes$") });
        await Expect(desk).ToContainTextAsync("Neither sound nor picture comes from them");
        await desk.GetByRole(AriaRole.Button, new() { Name = "I look after it" }).ClickAsync();
        await Expect(desk).ToContainTextAsync("Helen Brooks has looked after it");

        await patient.Page.Button("Change to the telephone").ClickAsync();
        await Expect(patient.Page.Heading("You are talking by telephone")).ToBeVisibleAsync();
        await Expect(clinician.Page.Heading("You are talking by telephone")).ToBeVisibleAsync();
        await Expect(desk).ToContainTextAsync("By telephone now");
        await clinician.Page.ReloadAsync();
        await Expect(clinician.Page.Heading("You are talking by telephone")).ToBeVisibleAsync();

        await staff.Page.GotoAsync($"/clinics/appointments/{appointment}/timeline");
        await Expect(staff.Page.GetByText("Margaret Hughes changed the consultation to the telephone.")).ToBeVisibleAsync();
    }

    protected override Task PrepareAsync(Person person) => person.Name == "patient" ? person.Context.AddInitScriptAsync(BlockMedia) : Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_product is null)
            return;
        await base.DisposeAsync();
        await _product.DisposeAsync();
    }
}
