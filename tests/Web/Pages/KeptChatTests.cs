using System.Net;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>The messages of a call in the record.</summary>
public sealed class KeptChatTests : WebTest
{
    private const string Text = "It hurts <here> since Monday";

    [Fact]
    public async Task What_the_clinician_kept_is_read_afterwards_by_both()
    {
        var (patient, clinician, appointment) = await InCallAsync();

        Assert.Equal(HttpStatusCode.NoContent, await Web.SignalAsync(Web.Event(ConsultationEventType.ChatKept, appointment, Seed.Amara), Said(appointment, Text)));
        await FinishAsync(clinician, appointment);

        var outcome = await patient.GetAsync($"/consultations/{appointment}/outcome");
        var record = await clinician.GetAsync($"/clinics/consultations/{appointment}");
        Assert.All([outcome, record], page =>
        {
            Assert.Contains("Messages from the call", page.Main, StringComparison.Ordinal);
            Assert.Contains(Text, page.Main, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(Web.Log.Entries.Where(entry => entry.IsWritten), entry => $"{entry.Message} {entry.State}".Contains("It hurts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_not_kept_is_nowhere()
    {
        var (patient, clinician, appointment) = await InCallAsync();

        await Web.SignalAsync(Said(appointment, Text));
        await FinishAsync(clinician, appointment);

        Assert.DoesNotContain("Messages from the call", (await patient.GetAsync($"/consultations/{appointment}/outcome")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_carer_who_only_sees_appointments_does_not_read_them()
    {
        var (_, clinician, appointment) = await InCallAsync();
        await Web.SignalAsync(Web.Event(ConsultationEventType.ChatKept, appointment, Seed.Amara), Said(appointment, Text));
        await FinishAsync(clinician, appointment);
        var carer = await Web.AddCarerAsync(People.Grace, CarerRights.SeeAppointments);
        using var grace = await Web.SignInAsync(People.Grace);

        var outcome = await grace.GetAsync($"/acting-for/{carer}/consultations/{appointment}/outcome");

        Assert.Equal(HttpStatusCode.OK, outcome.Status);
        Assert.DoesNotContain("It hurts", outcome.Text, StringComparison.Ordinal);
    }

    private ConsultationEvent Said(AppointmentId appointment, string text) => Web.Event(ConsultationEventType.Said, appointment, Seed.Margaret) with { Text = text };

    private async Task<(Browser Patient, Browser Clinician, AppointmentId Appointment)> InCallAsync()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var patient = await Web.SignInAsync(People.Margaret);
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        return (patient, await Web.SignInAsync(People.Amara), appointment);
    }

    private static async Task FinishAsync(Browser clinician, AppointmentId appointment) =>
        await clinician.SubmitAsync(await clinician.GetAsync($"/clinics/consultations/{appointment}"), "Yes, finish the consultation", ("Note", "Advice given"));
}
