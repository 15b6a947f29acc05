using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests;

public sealed class PrivacyTests : WebTest
{
    private static readonly string[] Personal =
    [
        "Margaret", "Hughes", "Okafor", "Amara", "Brooks", "margaret.hughes", "07700", "900100", "9991000372", "999 100 0372", "1941", "14/3",
        "Chest pain at night", "I feel better", "sub-margaret", "sub-amara", "identity.test/authorize", "code=", "eyJ",
    ];

    [Fact]
    public async Task A_whole_story_leaves_nothing_personal_in_the_log()
    {
        using var patient = await Web.SignInAsync(People.Margaret);
        using var clinician = await Web.SignInAsync(People.Amara);
        using var staff = await Web.SignInAsync(People.Helen);
        var times = await patient.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-02");
        var confirm = await patient.SubmitAsync(times, "Continue", ("Slot", Seed.At(9).Id.ToString()));
        var booked = await patient.SubmitAsync(confirm, "Confirm the appointment", ("Reason", "Chest pain at night"));
        var appointment = new Clinical.AppointmentId(Guid.Parse(booked.Path.Split('/')[2]));
        await staff.SubmitAsync(await staff.GetAsync("/practice/patients"), "Search", ("Search", "Hughes"));
        await staff.SubmitAsync(await staff.GetAsync("/practice/patients"), "Search", ("Search", "14/3/1941"));
        await staff.GetAsync($"/practice/patients/{Seed.Margaret.Id}");
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        var page = await clinician.GetAsync($"/clinics/consultations/{appointment}");
        await clinician.PostFromScriptAsync($"/consultations/{appointment}/ticket", page.RequestToken);
        await clinician.SubmitAsync(page, "Save note", ("Note", "Chest pain at night"));
        Web.Provider.BendIdToken = t => t.Audience = "Margaret Hughes";
        using (var bent = Web.Browser(People.Margaret))
            await bent.GetAsync("/account/sign-in");
        await Web.SignalAsync(Web.Event(ConsultationEventType.Waiting, new Clinical.AppointmentId(Guid.NewGuid()), Seed.Margaret));
        await Web.PostEventsAsync("Margaret Hughes"u8.ToArray(), "Margaret Hughes");
        await patient.SubmitAsync(await patient.GetAsync("/appointments"), "Sign out");

        var written = Web.Log.Entries.Where(e => e.IsWritten).ToList();
        Assert.NotEmpty(written);
        foreach (var entry in written)
        {
            var text = $"{entry.Message} {entry.State} {entry.Exception}";
            Assert.All(Personal, personal => Assert.DoesNotContain(personal, text, StringComparison.OrdinalIgnoreCase));
        }
    }
}
