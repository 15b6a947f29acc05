using System.Net;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>Handing a patient over, as the two clinicians do it.</summary>
public sealed class HandOverTests : WebTest
{
    [Fact]
    public async Task A_clinician_asks_a_colleague_who_comes_into_the_call_and_takes_the_patient()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        await Web.AdmitAsync(margaret, appointment, Seed.Margaret);
        using var amara = await Web.SignInAsync(People.Amara);
        using var tomasz = await Web.SignInAsync(People.Tomasz);
        var path = $"/clinics/consultations/{appointment}/hand-over";

        Assert.Equal(HttpStatusCode.NotFound, (await tomasz.GetAsync(path)).Status);
        var form = await amara.GetAsync((await amara.GetAsync($"/clinics/consultations/{appointment}")).Link("Ask a colleague to take over (opens in a new tab)"));
        var nobody = await amara.SubmitAsync(form, "Ask them");
        var silent = await amara.SubmitAsync(nobody, "Ask them", ("To", Seed.Tomasz.Id.ToString()));
        var asked = await amara.SubmitAsync(silent, "Ask them", ("To", Seed.Tomasz.Id.ToString()), ("Note", "Please look at her chest."));
        var start = await tomasz.GetAsync("/clinics");
        var request = await tomasz.GetAsync(start.Link("Read the note and answer: Margaret Hughes"));
        var call = await tomasz.SubmitAsync(request, "Accept and open the call");
        var early = await amara.SubmitAsync(await amara.GetAsync(path), "Hand over and leave the call");
        await Web.SignalAsync(Web.Event(ConsultationEventType.Connected, appointment, Seed.Tomasz));
        var done = await amara.SubmitAsync(await amara.GetAsync(path), "Hand over and leave the call");

        Assert.Equal([("Choose who is to take over", "#To")], nobody.Errors);
        Assert.Equal([("Write what they should know", "#Note")], silent.Errors);
        Assert.Contains("They have not answered yet.", asked.Main, StringComparison.Ordinal);
        Assert.Contains("Please look at her chest.", request.Main, StringComparison.Ordinal);
        Assert.Equal($"/clinics/consultations/{appointment}", call.Path);
        Assert.NotNull(call.Document.QuerySelector("[data-module=call][data-role=clinician]"));
        Assert.Null(call.Document.QuerySelector("textarea"));
        Assert.Contains("Mr Tomasz Nowak is not in the call yet. Talk together before you leave", early.Main, StringComparison.Ordinal);
        Assert.Equal("/clinics", done.Path);
        Assert.NotNull((await tomasz.GetAsync($"/clinics/consultations/{appointment}")).Document.QuerySelector("textarea"));
        Assert.Equal(HttpStatusCode.NotFound, (await amara.GetAsync($"/clinics/consultations/{appointment}")).Status);
        Assert.Contains("Handed over to Mr Tomasz Nowak", (await amara.GetAsync($"/clinics/{Seed.AmarasMorning.Schedule.Id}")).Main, StringComparison.Ordinal);
        var timeline = await tomasz.GetAsync($"/clinics/appointments/{appointment}/timeline");
        Assert.Contains("Dr Amara Okafor asked Mr Tomasz Nowak to take over.", timeline.Main, StringComparison.Ordinal);
        Assert.Contains("Dr Amara Okafor handed the patient over to Mr Tomasz Nowak.", timeline.Main, StringComparison.Ordinal);
        while (!Web.Signalling.Received.Any(r => r.Command.Type == ClinicCommandType.Remove))
            await Web.Signalling.NextAsync(Cancelled);
        Assert.Equal(new ParticipantId(Seed.Amara.Id.Value), Web.Signalling.Received.Single(r => r.Command.Type == ClinicCommandType.Remove).Command.Participant);
    }
}
