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
        await person.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await person.Page.GetByLabel("Email address").WaitForAsync();
        await CheckAsync(person);
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await person.Page.Heading("There is a problem").WaitForAsync();
        await CheckAsync(person);
        foreach (var path in new[] { "/account/register", "/account/forgotten", "/account/check-email", "/account/link-over", "/account/password-changed", "/account/closed", "/demonstration/messages" })
        {
            await person.Page.GotoAsync(Product.IdentityAddress + path);
            await CheckAsync(person);
        }
    }

    [Fact]
    public async Task Pages_of_a_patient()
    {
        var person = await PersonAsync("patient");
        var page = person.Page;
        await page.SignInAsync("mei.chen@example.com", Product.Password);
        await CheckAsync(person);
        foreach (var address in new[] { "/appointments", "/appointments/book", "/appointments/reminders", "/appointments/needs", "/waiting-list", "/carers", "/carers/invite", "/acting-for", "/demonstration/messages", "/clinics" })
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
        await page.GotoAsync($"{details}/device-check");
        await CheckAsync(person);
        await page.Button("Start the check").ClickAsync();
        await page.Button("Continue").ClickAsync();
        await page.Button("Go on without a camera").ClickAsync();
        await page.Button("Continue").ClickAsync();
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
        foreach (var path in new[] { "/", "/account/devices", "/account/password", "/account/email", "/account/close", "/account/providers", "/account/applications", "/account/authenticator", "/account/authenticator/set-up", "/account/passkeys", "/account/passkeys/add", "/account/sign-in/passkey", "/account/sign-in/code", "/account/sign-in/recovery-code" })
        {
            await page.GotoAsync(Product.IdentityAddress + path);
            await CheckAsync(person);
        }
    }

    [Fact]
    public async Task Pages_of_a_carer()
    {
        var person = await PersonAsync("carer");
        var page = person.Page;
        await page.SignInAsync(Journeys.GraceHughes, Product.Password);
        await CheckAsync(person);
        await page.Link("People you act for").ClickAsync();
        await CheckAsync(person);
        await page.Button("Act for Margaret Hughes").ClickAsync();
        await CheckAsync(person);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { NameRegex = new("^See") }).First.ClickAsync();
        await CheckAsync(person);
        await page.Link("Book an appointment").First.ClickAsync();
        await CheckAsync(person);
        await page.Link("Physiotherapy").ClickAsync();
        await CheckAsync(person);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).Last.GetByRole(AriaRole.Link).ClickAsync();
        await CheckAsync(person);
        await page.GetByRole(AriaRole.Radio).Last.CheckAsync();
        await page.Button("Continue").ClickAsync();
        await page.Button("Confirm the appointment").WaitForAsync();
        await CheckAsync(person);
        await page.GotoAsync(new Uri(page.Url).AbsolutePath.Split("/appointments")[0] + "/carers");
        await page.Heading("Page not found").Or(page.Heading("You may not do this for them")).WaitForAsync();
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
        foreach (var step in new[] { "who", "consent", "place" })
        {
            await patient.Page.GotoAsync($"/consultations/{appointment}/arriving/{step}");
            await CheckAsync(patient);
        }
        await patient.Page.GotoAsync($"/appointments/{appointment}/guests");
        await CheckAsync(patient);
        await patient.Page.GotoAsync("/join/ended");
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
        foreach (var address in new[] { "/practice/services", "/practice/services/edit", "/practice/clinicians", "/practice/clinicians/edit", "/practice/staff", "/practice/staff/edit", "/practice/weekly-clinics", "/practice/weekly-clinics/edit", "/practice/time-off", "/practice/publish", "/practice/diary", "/practice/diary/week", "/practice/waiting-list", "/practice/device-checks", "/practice/diary/free" })
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
        var patient = page.Url;
        foreach (var address in new[] { "/carers", "/carers/invite", "/waiting-list" })
        {
            await page.GotoAsync(patient + address);
            await CheckAsync(person);
        }
        await page.GetByLabel("What do they wait for?").SelectOptionAsync(new SelectOptionValue { Label = "GP consultation" });
        await page.GetByLabel("Video call").CheckAsync();
        await page.GetByLabel("Why?").FillAsync("Asked for it on the phone.");
        await page.Button("Put on the list").ClickAsync();
        await page.Button("Offer this time").WaitForAsync();
        await CheckAsync(person);
        await page.GotoAsync(Product.IdentityAddress + "/administration");
        await CheckAsync(person);
        await page.Link("Amara Okafor").ClickAsync();
        await CheckAsync(person);
        var account = page.Url;
        foreach (var address in new[] { $"{account}/role", $"{account}/disable", Product.IdentityAddress + "/administration/audit", Product.IdentityAddress + "/administration/emails", Product.IdentityAddress + "/administration/invite" })
        {
            await page.GotoAsync(address);
            await CheckAsync(person);
        }
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
