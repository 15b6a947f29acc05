using System.Text.Json;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using Clip = Telemedicine.EndToEnd.Tests.Media.Clip;

namespace Telemedicine.EndToEnd.Tests.Benchmarks;

/// <summary>
/// Milliseconds from the click on Admit to the first remote picture on each side, ten joins. Not a test; run it with
/// <c>tests/EndToEnd/bin/Release/net10.0/Telemedicine.EndToEnd.Tests -explicit only -class "*JoinBenchmark"</c>.
/// </summary>
public class JoinBenchmark(ProductFixture fixture, ITestOutputHelper output) : Story(fixture)
{
    private static readonly string[] Patients =
    [
        "margaret.hughes", "mohammed.iqbal", "sofia.almeida", "george.whitfield", "chidi.eze", "joan.parry", "fatima.zahra", "mei.chen", "yusuf.demir", "hannah.goldberg",
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
        var clinician = await PersonAsync("clinician", Clip.Clinician);
        await clinician.Context.AddInitScriptAsync(NoteFirstPicture);
        await clinician.Page.SignInAsync(Journeys.DrOkafor, Product.Password);
        var (onPatient, onClinician) = (new List<double>(), new List<double>());
        foreach (var name in Patients)
        {
            await clinician.Page.StartClinicNowAsync();
            var patient = await PersonAsync(name, Clip.Patient);
            await patient.Context.AddInitScriptAsync(NoteFirstPicture);
            await patient.Page.SignInAsync($"{name}@example.com", Product.Password);
            var appointment = await patient.Page.BookNowAsync("GP consultation");
            await patient.Page.JoinAsync(appointment);
            await patient.Page.InPhaseAsync("waiting");
            await clinician.Page.GotoAsync($"/clinics/consultations/{appointment}");
            var admit = clinician.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Admit ") });
            await admit.WaitForAsync();
            var clicked = await admit.EvaluateAsync<double>("button => { const now = Date.now(); button.click(); return now; }");
            onPatient.Add(await FirstPictureAsync(patient.Page) - clicked);
            onClinician.Add(await FirstPictureAsync(clinician.Page) - clicked);
            await clinician.Page.GetByLabel("Note").FillAsync("Measured.");
            await clinician.Page.GetByText("Finish consultation", new() { Exact = true }).ClickAsync();
            await clinician.Page.Button("Yes, finish").ClickAsync();
            await patient.Page.Heading("Your appointment is finished").WaitForAsync();
            await patient.Page.CloseAsync();
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
