using System.Net;
using Telemedicine.Clinical;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class RescueTests : WebTest
{
    [Fact]
    public async Task Staff_see_who_has_trouble_say_that_they_look_after_it_and_others_see_that()
    {
        var appointment = await InTroubleAsync(CallTrouble.NoMedia);
        await Web.ReportAsync(Report(appointment, 1, null), Report(appointment, 2, new LinkSample(0.23, 410)));
        using var helen = await Web.SignInAsync(People.Helen);
        using var amara = await Web.SignInAsync(People.Amara);

        var page = await helen.GetAsync("/clinics/rescue");
        Assert.Contains("Margaret Hughes", page.Main, StringComparison.Ordinal);
        Assert.Contains("Neither sound nor picture comes from them", page.Main, StringComparison.Ordinal);
        Assert.Equal("tel:07700900123", page.Document.QuerySelector("[data-case] a[href^=tel]")?.GetAttribute("href"));
        Assert.StartsWith("Margaret Hughes: 23% lost and a round trip of 410 ms", page.Document.QuerySelector("svg title")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(["8:30am", "23%", "410 ms"], page.Document.QuerySelectorAll("figure + details tbody td").Select(cell => cell.TextContent));
        Web.Signalling.Received.Clear();
        await helen.SubmitAsync(page, "I look after it: Margaret Hughes");
        var list = await amara.GetAsync("/clinics/rescue?handler=List");

        Assert.Contains("Helen Brooks has looked after it since", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("I look after it", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<h1", list.Text, StringComparison.Ordinal);
        Assert.Contains(Web.Signalling.Received, sent => sent.Command.Type == ClinicCommandType.ClinicChanged);
        var late = await amara.PostAsync($"/clinics/rescue?handler=Seen&appointment={appointment}&person={Seed.Margaret.Id}", Token(await amara.GetAsync("/clinics/rescue")));
        Assert.Equal(HttpStatusCode.BadRequest, late.Status);
        Assert.Contains("Somebody else looks after it, or it is over. Nothing was changed", late.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_practice_sees_nothing_and_acknowledges_nothing()
    {
        var appointment = await InTroubleAsync(CallTrouble.Camera);
        using var imran = await Web.SignInAsync(People.Imran);

        var page = await imran.GetAsync("/clinics/rescue");
        var refused = await imran.PostAsync($"/clinics/rescue?handler=Seen&appointment={appointment}&person={Seed.Margaret.Id}", Token(page));

        Assert.Contains("Nobody has trouble now.", page.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
    }

    [Fact]
    public async Task The_timeline_tells_of_trouble_and_of_the_telephone()
    {
        var appointment = await InTroubleAsync(CallTrouble.SilentMicrophone);
        await Web.SignalAsync(
            Web.Event(ConsultationEventType.Stepped, appointment, Seed.Margaret) with { Step = CallStep.Audio, Direction = TrackDirection.Sent },
            Web.Event(ConsultationEventType.Stepped, appointment, Seed.Amara) with { Step = CallStep.Telephone });
        using var amara = await Web.SignInAsync(People.Amara);

        var page = (await amara.GetAsync($"/clinics/appointments/{appointment}/timeline")).Main;

        Assert.Contains("Margaret Hughes: microphone on, but silent", page, StringComparison.Ordinal);
        Assert.Contains("Sound alone was sent by Margaret Hughes", page, StringComparison.Ordinal);
        Assert.Contains("Dr Amara Okafor changed the consultation to the telephone.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_sides_have_the_numbers_on_their_page_of_the_call()
    {
        var appointment = await InTroubleAsync(CallTrouble.Camera);
        using var margaret = await Web.SignInAsync(People.Margaret);
        using var amara = await Web.SignInAsync(People.Amara);

        var patients = (await margaret.GetAsync($"/consultations/{appointment}")).Document.QuerySelector("[data-call=telephone]");
        var clinicians = (await amara.GetAsync($"/clinics/consultations/{appointment}")).Document.QuerySelector("[data-call=telephone]");

        Assert.Equal("tel:01632960100", patients?.QuerySelector("a")?.GetAttribute("href"));
        Assert.Contains("will call you on 07700 900123", patients?.TextContent, StringComparison.Ordinal);
        Assert.Equal("tel:07700900123", clinicians?.QuerySelector("a")?.GetAttribute("href"));
        Assert.True(patients?.HasAttribute("hidden") is true && clinicians?.HasAttribute("hidden") is true);
    }

    [Theory]
    [InlineData(ConsultationEventType.TroubleBegan, null, null)]
    [InlineData(ConsultationEventType.Waiting, CallTrouble.Camera, null)]
    [InlineData(ConsultationEventType.Stepped, null, null)]
    [InlineData(ConsultationEventType.Stepped, CallTrouble.Camera, CallStep.Audio)]
    [InlineData(ConsultationEventType.Connected, null, CallStep.Audio)]
    public async Task An_event_whose_parts_do_not_go_together_is_refused(ConsultationEventType type, CallTrouble? trouble, CallStep? step)
    {
        var appointment = await InTroubleAsync(CallTrouble.Camera);

        Assert.Equal(HttpStatusCode.BadRequest, await Web.SignalAsync(Web.Event(type, appointment, Seed.Margaret) with { Trouble = trouble, Step = step }));
    }

    private static Dictionary<string, string> Token(Page page) => new() { ["__RequestVerificationToken"] = page.RequestToken ?? "" };

    private QualityReport Report(AppointmentId appointment, int number, LinkSample? recent) => new(
        new ClinicId(Seed.AmarasMorning.Schedule.Id.Value), new ConsultationId(appointment.Value), _session, new ParticipantId(Seed.Margaret.Id.Value), ParticipantRole.Patient, number, Web.Time.GetUtcNow(),
        [new TrackQuality(TrackDirection.Sent, TrackSource.Microphone, 10, 0, 100, 0, 0, 40, 40, 5, 30_000, null, 0)], recent);

    private readonly SessionId _session = new(Guid.NewGuid());

    private async Task<AppointmentId> InTroubleAsync(CallTrouble trouble)
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        await browser.SubmitAsync(await browser.ArriveAsync($"/consultations/{appointment}/join"), "Join");
        await Web.SignalAsync(
            Web.Event(ConsultationEventType.Waiting, appointment, Seed.Margaret),
            Web.Event(ConsultationEventType.Admitted, appointment, Seed.Amara),
            Web.Event(ConsultationEventType.TroubleBegan, appointment, Seed.Margaret) with { Trouble = trouble });
        return appointment;
    }
}
