using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>Every page of every person: no serious or critical finding of axe, nothing wider than the window at 1280 and 320 px, no script error.</summary>
public class AccessibilityTests(ProductFixture fixture) : Story(fixture)
{
    [Fact]
    public async Task Pages_before_signing_in()
    {
        var person = await PersonAsync("anybody");
        await person.Page.GotoAsync("/");
        await CheckAsync(person);
        await person.Page.GotoAsync("/accessibility");
        await CheckAsync(person);
        await person.Page.GotoAsync("/no-such-page");
        await CheckAsync(person);
        await person.Page.GotoAsync("/");
        await person.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await person.Page.GetByLabel("Email address").WaitForAsync();
        await CheckAsync(person);
        await person.Page.Button("Sign in").ClickAsync();
        await person.Page.Heading("There is a problem").WaitForAsync();
        await CheckAsync(person);
    }

    [Fact]
    public async Task Pages_of_a_patient()
    {
        var person = await PersonAsync("patient");
        var page = person.Page;
        await page.SignInAsync("mei.chen@example.com", Product.Password);
        await CheckAsync(person);
        foreach (var address in new[] { "/appointments", "/appointments/book", "/appointments/reminders", "/appointments/needs", "/waiting-list", "/demonstration/messages", "/clinics" })
        {
            await page.GotoAsync(address);
            await CheckAsync(person);
        }
        await page.GotoAsync("/appointments/book");
        await page.Link("Nurse review").ClickAsync();
        await CheckAsync(person);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).First.GetByRole(AriaRole.Link).ClickAsync();
        await CheckAsync(person);
        await page.Button("Continue").ClickAsync();
        await page.Heading("There is a problem").WaitForAsync();
        await CheckAsync(person);
        await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await page.Button("Continue").ClickAsync();
        await page.Button("Confirm the appointment").WaitForAsync();
        await CheckAsync(person);
        var confirm = page.Url;
        await page.GotoAsync($"{confirm}/series?every=1&times=3");
        await page.Heading("dates are free").WaitForAsync();
        await CheckAsync(person);
        await page.GotoAsync(confirm);
        await page.Button("Confirm the appointment").ClickAsync();
        await page.Heading("Appointment booked").WaitForAsync();
        await CheckAsync(person);
        await page.Link("See, change or cancel this appointment").ClickAsync();
        await CheckAsync(person);
        var details = page.Url;
        await page.GotoAsync($"{details}/way");
        await CheckAsync(person);
        await page.GotoAsync(details);
        await page.Link("Tell me if something earlier comes up").ClickAsync();
        await CheckAsync(person);
        await page.GotoAsync($"{details}/move");
        await CheckAsync(person);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).Last.GetByRole(AriaRole.Link).ClickAsync();
        await CheckAsync(person);
        await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await page.Button("Continue").ClickAsync();
        await page.Button("Move the appointment").WaitForAsync();
        await CheckAsync(person);
        await page.GotoAsync("/appointments");
        await CheckAsync(person);
        await page.GotoAsync(details);
        await page.Link("Cancel this appointment").ClickAsync();
        await CheckAsync(person);
    }

    [Fact]
    public async Task Pages_of_a_call_on_both_sides()
    {
        var clinician = await PersonAsync("clinician");
        await clinician.Page.SignInAsync(Journeys.NurseRaman, Product.Password);
        await CheckAsync(clinician);
        await clinician.Page.StartClinicNowAsync();
        await CheckAsync(clinician);

        var patient = await PersonAsync("patient");
        await patient.Page.SignInAsync("hannah.goldberg@example.com", Product.Password);
        var appointment = await patient.Page.BookNowAsync("Nurse review");
        await patient.Page.GotoAsync($"/consultations/{appointment}/join");
        await CheckAsync(patient);
        await patient.Page.JoinAsync(appointment);
        await patient.Page.InPhaseAsync("waiting");
        await CheckAsync(patient);

        await clinician.Page.BoardRow(appointment).Filter(new() { HasText = "Waiting" }).WaitForAsync();
        await CheckAsync(clinician);
        await clinician.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Open consultation") }).ClickAsync();
        await clinician.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Admit ") }).ClickAsync();
        await Task.WhenAll(patient.Page.InPhaseAsync("inCall"), clinician.Page.InPhaseAsync("inCall"));
        await patient.Page.Button("Messages").ClickAsync();
        await CheckAsync(patient);
        await CheckAsync(clinician);

        await clinician.Page.GetByLabel("Note").FillAsync("All well.");
        await clinician.Page.GetByText("Finish consultation", new() { Exact = true }).ClickAsync();
        await clinician.Page.Button("Yes, finish").WaitForAsync();
        await CheckAsync(clinician);
        await clinician.Page.Button("Yes, finish").ClickAsync();
        await patient.Page.Heading("Your appointment is finished").WaitForAsync();
        await CheckAsync(patient);
    }

    [Fact]
    public async Task Pages_of_practice_staff()
    {
        var person = await PersonAsync("staff");
        var page = person.Page;
        await page.SignInAsync(Journeys.RuthFielding, Product.Password);
        await page.GotoAsync("/clinics");
        await CheckAsync(person);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Heading, new() { Name = "Okafor" }).First.GetByRole(AriaRole.Link).ClickAsync();
        await CheckAsync(person);
        foreach (var address in new[] { "/practice/services", "/practice/services/edit", "/practice/publish", "/practice/diary", "/practice/diary/week", "/practice/diary/free" })
        {
            await page.GotoAsync(address);
            await CheckAsync(person);
        }
        await page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Link).First.ClickAsync();
        await page.Button("Find the patient").WaitForAsync();
        await CheckAsync(person);
        await page.GetByLabel("Name, date of birth, NHS number or phone number").FillAsync("hughes");
        await page.Button("Find the patient").ClickAsync();
        await page.Heading("1 patient found").WaitForAsync();
        await CheckAsync(person);
        await page.GotoAsync("/practice/messages");
        await CheckAsync(person);
        await page.GotoAsync("/practice/patients");
        await CheckAsync(person);
        await page.GetByLabel("Name, date of birth, NHS number or phone number").FillAsync("zzz");
        await page.Button("Search").ClickAsync();
        await page.Heading("Nobody found").WaitForAsync();
        await CheckAsync(person);
        await page.GetByLabel("Name, date of birth, NHS number or phone number").FillAsync("hughes");
        await page.Button("Search").ClickAsync();
        await page.Link("Margaret Hughes").ClickAsync();
        await CheckAsync(person);
    }

    private static async Task CheckAsync(Person person)
    {
        var page = person.Page;
        var size = page.ViewportSize ?? throw new InvalidOperationException("The page has no size.");
        foreach (var width in new[] { 1280, 320 })
        {
            await page.SetViewportSizeAsync(width, 800);
            var findings = await page.RunAxe();
            var grave = findings.Violations.Where(v => v.Impact is "serious" or "critical").Select(Describe);
            Assert.True(!grave.Any(), $"{page.Url} at {width} px: {string.Join("; ", grave)}");
            var tooWide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(tooWide <= 0, $"{page.Url} at {width} px is {tooWide} px too wide.");
        }
        await page.SetViewportSizeAsync(size.Width, size.Height);
        Assert.DoesNotContain(person.Console, line => line.StartsWith("page error", StringComparison.Ordinal));
    }

    private static string Describe(AxeResultItem finding) => $"{finding.Id} at {JsonSerializer.Serialize(finding.Nodes.Take(3).Select(node => node.Target?.ToString()))}";
}
