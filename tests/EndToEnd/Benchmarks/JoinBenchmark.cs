using System.Text.Json;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Benchmarks;

/// <summary>
/// Milliseconds from the click on Admit to the first remote picture on each side, five admissions, so ten joins. Not a test; run it with
/// <c>tests/EndToEnd/bin/Release/net10.0/Telemedicine.EndToEnd.Tests -explicit only -class "*JoinBenchmark"</c>.
/// </summary>
public class JoinBenchmark(ProductFixture fixture, ITestOutputHelper output) : Story(fixture)
{
    // A clinic that opens now has one or two times within the join window, so five admissions need three clinicians.
    private static readonly (string Clinician, string Service, string Patient)[] Joins =
    [
        (Journeys.DrOkafor, "GP consultation", Journeys.MargaretHughes),
        (Journeys.DrOkafor, "GP consultation", Journeys.MohammedIqbal),
        (Journeys.NurseRaman, "Nurse review", Journeys.SofiaAlmeida),
        (Journeys.NurseRaman, "Nurse review", "george.whitfield@example.com"),
        (Journeys.MrNowak, "Physiotherapy", "chidi.eze@example.com"),
    ];

    // Notes when the page shows the first picture of somebody else.
    private const string NoteFirstPicture = """
        new MutationObserver(() => {
          for (const video of document.querySelectorAll('[data-participant-id] video'))
            if (!video.dataset.noted) {
              video.dataset.noted = 'yes';
              video.requestVideoFrameCallback(() => { document.documentElement.dataset.firstPicture ??= String(Date.now()); });
            }
        }).observe(document, { childList: true, subtree: true });
        """;

    [Fact(Explicit = true)]
    public async Task From_admit_to_the_first_picture()
    {
        var (onPatient, onClinician) = (new List<double>(), new List<double>());
        foreach (var join in Joins)
        {
            var clinician = await PersonAsync("clinician", Clip.Clinician);
            var patient = await PersonAsync("patient", Clip.Patient);
            await clinician.Context.AddInitScriptAsync(NoteFirstPicture);
            await patient.Context.AddInitScriptAsync(NoteFirstPicture);
            await clinician.Page.SignInAsync(join.Clinician, Product.Password);
            await clinician.Page.StartClinicNowAsync();
            await patient.Page.SignInAsync(join.Patient, Product.Password);
            var appointment = await patient.Page.BookNowAsync(join.Service);
            await patient.Page.JoinAsync(appointment);
            await patient.Page.InPhaseAsync("waiting");
            await clinician.Page.GotoAsync($"/clinics/consultations/{appointment}");
            var admit = clinician.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Admit ") });
            await admit.WaitForAsync();
            var clicked = await admit.EvaluateAsync<double>("button => { const now = Date.now(); button.click(); return now; }");
            onPatient.Add(await FirstPictureAsync(patient.Page) - clicked);
            onClinician.Add(await FirstPictureAsync(clinician.Page) - clicked);
            await clinician.Page.GotoAsync("about:blank");
            await patient.Page.GotoAsync("about:blank");
        }
        output.WriteLine($"patient:   {Figures(onPatient)}");
        output.WriteLine($"clinician: {Figures(onClinician)}");
    }

    private static async Task<double> FirstPictureAsync(IPage page)
    {
        var at = await page.WaitForFunctionAsync("() => document.documentElement.dataset.firstPicture", null, new() { Timeout = 30_000, PollingInterval = 50 });
        return double.Parse((await at.JsonValueAsync<JsonElement>()).GetString() ?? "", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Figures(List<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        return $"p50 {sorted[sorted.Count / 2]:F0} ms, least {sorted[0]:F0}, most {sorted[^1]:F0} ({string.Join(", ", milliseconds.Select(m => $"{m:F0}"))})";
    }
}
