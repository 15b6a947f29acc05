using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Media;
using static Microsoft.Playwright.Assertions;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>A story of a patient and a clinician in a call.</summary>
public abstract class CallStory(ProductFixture fixture) : Story(fixture)
{
    /// <summary>
    /// A clinic that is open, and a patient who waits. Each story takes one of the clinician's times, and a patient may enter 30 minutes before
    /// theirs: when the times of the product that all share are taken, a story needs a product of its own.
    /// </summary>
    protected async Task<(Person Patient, Person Clinician, string Appointment)> InTheWaitingRoomAsync(string patientEmail, string clinicianEmail, string service = "GP consultation")
    {
        var clinician = await PersonAsync("clinician", Clip.Clinician);
        await clinician.Page.SignInAsync(clinicianEmail, Product.Password);
        await clinician.Page.StartClinicNowAsync();

        var patient = await PersonAsync("patient", Clip.Patient, width: 390, height: 844);
        await patient.Page.SignInAsync(patientEmail, Product.Password);
        var appointment = await patient.Page.BookNowAsync(service);
        await patient.Page.JoinAsync(appointment);
        await patient.Page.InPhaseAsync("waiting");
        await Expect(patient.Page.Heading("You are in the waiting room")).ToBeVisibleAsync();
        return (patient, clinician, appointment);
    }

    protected static async Task AdmitAsync(Person patient, Person clinician, string appointment)
    {
        await clinician.Page.BoardRow(appointment).GetByRole(AriaRole.Link, new() { Name = "Open consultation" }).ClickAsync();
        await clinician.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Admit ") }).ClickAsync();
        await patient.Page.InPhaseAsync("inCall");
        await clinician.Page.InPhaseAsync("inCall");
    }

    protected static async Task SeeAndHearEachOtherAsync(Person patient, Person clinician, int seconds = 10)
    {
        await Task.WhenAll(patient.Page.SeesAsync(Clip.Clinician), clinician.Page.SeesAsync(Clip.Patient));
        await Task.WhenAll(patient.Page.HearsAsync(Clip.Clinician), clinician.Page.HearsAsync(Clip.Patient));
        await Task.WhenAll(patient.Page.KeepsWatchingAsync(seconds), clinician.Page.KeepsWatchingAsync(seconds));
        await Task.WhenAll(patient.Page.HearsAsync(Clip.Clinician), clinician.Page.HearsAsync(Clip.Patient));
    }
}
