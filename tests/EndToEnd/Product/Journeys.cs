using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>What people do, in their words: each finds things on the page as they would, by role and label.</summary>
public static partial class Journeys
{
    public const string DrOkafor = "amara.okafor@example.com";
    public const string NurseRaman = "priya.raman@example.com";
    public const string MrNowak = "tomasz.nowak@example.com";
    public const string MargaretHughes = "margaret.hughes@example.com";
    public const string GraceHughes = "grace.hughes@example.com";
    public const string MohammedIqbal = "mohammed.iqbal@example.com";
    public const string SofiaAlmeida = "sofia.almeida@example.com";
    public const string LiamOConnor = "liam.oconnor@example.com";
    public const string StephenMarsh = "stephen.marsh@example.com";
    public const string HelenBrooks = "helen.brooks@example.com";
    public const string RuthFielding = "ruth.fielding@example.com";

    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name });

    public static ILocator Link(this IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name });

    public static ILocator Heading(this IPage page, string name) => page.GetByRole(AriaRole.Heading, new() { Name = name });

    /// <summary>Goes to the start page, from there to Identity, and comes back signed in.</summary>
    public static async Task SignInAsync(this IPage page, string email, string password)
    {
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByLabel("Email address").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.EnterCodeIfAskedAsync();
        await page.Button("Sign out").WaitForAsync();
    }

    /// <summary>Who works for the practice enters the code that their app shows, which here is the page itself; each works once.</summary>
    private static async Task EnterCodeIfAskedAsync(this IPage page)
    {
        var code = page.Locator("[data-demonstration-code]");
        var next = page.Link("Show the next code");
        await page.Button("Sign out").Or(code).Or(next).First.WaitForAsync();
        while (await next.IsVisibleAsync())
        {
            await next.ClickAsync();
            await code.Or(next).First.WaitForAsync();
        }

        if (!await code.IsVisibleAsync())
            return;
        await page.GetByLabel("Security code").FillAsync(await code.InnerTextAsync());
        await page.Button("Continue").ClickAsync();
    }

    /// <summary>Opens a page again and again, as people do, until it shows this.</summary>
    public static async Task OpenUntilAsync(this IPage page, string address, ILocator shown)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            await page.GotoAsync(address);
        }
        while (!await shown.First.IsVisibleAsync());
    }

    /// <summary>Opens a clinic that begins now and stays on its board.</summary>
    public static async Task StartClinicNowAsync(this IPage page)
    {
        await page.GotoAsync("/clinics");
        await page.Button("Start a clinic now").ClickAsync();
        await page.WaitForURLAsync(ClinicAddress());
    }

    /// <summary>Books the next time of the clinic that is open now.</summary>
    /// <returns>The appointment's id.</returns>
    public static async Task<string> BookNowAsync(this IPage page, string service)
    {
        await page.ChooseTimeAsync(service);
        await page.Button("Confirm the appointment").ClickAsync();
        await page.Heading("Appointment booked").WaitForAsync();
        return BookedAddress().Match(page.Url).Groups[1].Value;
    }

    /// <summary>Chooses the first free time of the first day and stops before confirming it.</summary>
    public static async Task ChooseTimeAsync(this IPage page, string service)
    {
        await page.GotoAsync("/appointments");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Book an appointment" }).ClickAsync();
        await page.Link(service).ClickAsync();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).First.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await page.Button("Continue").ClickAsync();
        await page.Button("Confirm the appointment").Or(page.Heading("There is a problem")).First.WaitForAsync();
        if (await page.Heading("There is a problem").IsVisibleAsync())
        {
            // The first time began while the page was open: the page says so and offers the later ones.
            await page.GetByRole(AriaRole.Radio).First.CheckAsync();
            await page.Button("Continue").ClickAsync();
            await page.Button("Confirm the appointment").WaitForAsync();
        }
    }

    /// <summary>From the list of appointments into the waiting room, camera on.</summary>
    public static async Task JoinAsync(this IPage page, string appointment)
    {
        await page.GotoAsync($"/appointments/{appointment}");
        await page.Button("Join the appointment").ClickAsync();
        await page.ArriveAsync();
    }

    /// <summary>Says what is asked before the waiting room, once for an appointment, then joins, camera on.</summary>
    public static async Task ArriveAsync(this IPage page)
    {
        var join = page.GetByRole(AriaRole.Button, new() { Name = "Join", Exact = true });
        await page.Heading("Is this you?").Or(join).First.WaitForAsync();
        if (!await join.IsVisibleAsync())
        {
            await page.Button("Continue").ClickAsync();
            await page.GetByLabel("I agree to a consultation by video").CheckAsync();
            await page.Button("Continue").ClickAsync();
            await page.GetByLabel("Where are you?").Or(join).First.WaitForAsync();
            if (!await join.IsVisibleAsync())
            {
                await page.GetByLabel("Where are you?").FillAsync("12 Mill Lane, Hexham");
                await page.GetByLabel("A phone number to call you back on").FillAsync("01632 960111");
                await page.Button("Continue").ClickAsync();
            }
        }
        await join.ClickAsync();
        await page.Button("Turn on camera and microphone").ClickAsync();
    }

    public static Task InPhaseAsync(this IPage page, string phase) =>
        page.Locator($"[data-module=call][data-phase={phase}]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

    /// <summary>The row of one appointment on the clinic board.</summary>
    public static ILocator BoardRow(this IPage page, string appointment) => page.Locator($"tr[data-consultation-id='{appointment}']");

    [GeneratedRegex("/clinics/[0-9a-f-]{36}$")]
    private static partial Regex ClinicAddress();

    [GeneratedRegex("/appointments/([0-9a-f-]{36})/booked")]
    private static partial Regex BookedAddress();
}
