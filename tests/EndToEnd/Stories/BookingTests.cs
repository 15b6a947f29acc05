using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>Booking by patients and for them.</summary>
public class BookingTests(ProductFixture fixture) : Story(fixture)
{
    [Fact]
    public async Task The_same_time_chosen_in_two_browsers_at_once_is_sold_once()
    {
        var first = await PersonAsync("first");
        var second = await PersonAsync("second");
        await first.Page.SignInAsync("joan.parry@example.com", Product.Password);
        await second.Page.SignInAsync("george.whitfield@example.com", Product.Password);

        // Both look at the same list of times, and choose the same one in the same moment.
        var times = await OpenTimesAsync(first.Page);
        await second.Page.GotoAsync(times);
        foreach (var page in new[] { first.Page, second.Page })
            await page.GetByRole(AriaRole.Radio).Last.CheckAsync();
        await Task.WhenAll(first.Page.Button("Continue").ClickAsync(), second.Page.Button("Continue").ClickAsync());
        await Task.WhenAll(SettledAsync(first.Page), SettledAsync(second.Page));

        var winners = new List<IPage>();
        foreach (var page in new[] { first.Page, second.Page })
        {
            if (await page.Button("Confirm the appointment").IsVisibleAsync())
                winners.Add(page);
            else
                await Expect(page.Heading("that time has gone")).ToBeVisibleAsync();
        }
        var winner = Assert.Single(winners);
        await winner.Button("Confirm the appointment").ClickAsync();
        await Expect(winner.Heading("Appointment booked")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Staff_book_for_a_patient_and_cancel_with_a_reason()
    {
        var staff = await PersonAsync("staff");
        var page = staff.Page;
        await page.SignInAsync(Journeys.HelenBrooks, Product.Password);
        await page.Link("Clinics").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dr Amara Okafor" }).First).ToBeVisibleAsync();

        await page.Link("Patients").ClickAsync();
        await page.GetByLabel("Name, date of birth, NHS number or phone number").FillAsync("longbottom");
        await page.Button("Search").ClickAsync();
        await page.Link("Edith Longbottom").ClickAsync();
        await page.Button("Book an appointment").ClickAsync();
        await page.Link("Nurse review").ClickAsync();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).First.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await page.Button("Continue").ClickAsync();
        await page.Button("Confirm the appointment").ClickAsync();
        await Expect(page.Heading("Appointment booked")).ToBeVisibleAsync();

        // Without a reason it is not cancelled; with one it is, and the patient reads it.
        await page.Link("Go back to the patient").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Cancel the appointment") }).First.ClickAsync();
        await page.Button("Cancel the appointment").ClickAsync();
        await Expect(page.Heading("There is a problem")).ToBeVisibleAsync();
        await page.GetByLabel("Why is it cancelled?").FillAsync("The nurse is ill that day.");
        await page.Button("Cancel the appointment").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("cancelled", new() { IgnoreCase = true });

        var patient = await PersonAsync("patient");
        await patient.Page.SignInAsync("edith.longbottom@example.com", Product.Password);
        await patient.Page.GotoAsync("/appointments");
        await patient.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Cancelled" }).First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(patient.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The nurse is ill that day.");
    }

    [Fact]
    public async Task A_carer_acts_for_a_patient_who_sees_it_and_ends_it_at_once()
    {
        var carer = await PersonAsync("carer");
        var page = carer.Page;
        await page.SignInAsync(Journeys.GraceHughes, Product.Password);
        await page.GotoAsync("/acting-for");
        await page.Button("Act for Margaret Hughes").ClickAsync();
        await Expect(page.Heading("Appointments of Margaret Hughes")).ToBeVisibleAsync();
        await page.Link("Book an appointment").First.ClickAsync();
        await page.Link("Nurse review").ClickAsync();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).Last.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Radio).Last.CheckAsync();
        await page.Button("Continue").ClickAsync();
        await page.Button("Confirm the appointment").ClickAsync();
        await Expect(page.Heading("Appointment booked")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "For whom you act" })).ToContainTextAsync("You act for Margaret Hughes");

        var patient = await PersonAsync("patient");
        await patient.Page.SignInAsync(Journeys.MargaretHughes, Product.Password);
        await patient.Page.GotoAsync("/carers");
        await Expect(patient.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Grace Hughes booked an appointment");
        // Somebody else is invited and taken back, so that other stories still find Grace.
        await patient.Page.Button("Ask someone to help").ClickAsync();
        await patient.Page.GetByLabel("Their name").FillAsync("Hannah Goldberg");
        await patient.Page.GetByLabel("Who are they to you?").SelectOptionAsync("Friend");
        await patient.Page.GetByLabel("Their email address").FillAsync("hannah.goldberg@example.com");
        await patient.Page.GetByLabel("See appointments").CheckAsync();
        await patient.Page.Button("Send the invitation").ClickAsync();
        await Expect(patient.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("We have sent Hannah Goldberg an invitation");
        // The sender looks every two seconds.
        var invitation = patient.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("acting-for.invitations.") }).First;
        do
            await patient.Page.GotoAsync("/demonstration/messages");
        while (await invitation.CountAsync() == 0);
        var link = await invitation.GetAttributeAsync("href") ?? "";

        var friend = await PersonAsync("friend");
        await friend.Page.SignInAsync("hannah.goldberg@example.com", Product.Password);
        await friend.Page.GotoAsync(link);
        await friend.Page.Button("Yes, I will help").ClickAsync();
        await friend.Page.Button("Act for Margaret Hughes").ClickAsync();
        await Expect(friend.Page.Heading("Appointments of Margaret Hughes")).ToBeVisibleAsync();
        await patient.Page.GotoAsync("/carers");
        await patient.Page.Button("End this for Hannah Goldberg").ClickAsync();
        await friend.Page.ReloadAsync();
        await Expect(friend.Page.Heading("You may not do this for them")).ToBeVisibleAsync();
    }

    private static async Task<string> OpenTimesAsync(IPage page)
    {
        await page.GotoAsync("/appointments/book");
        await page.Link("Physiotherapy").ClickAsync();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).Last.GetByRole(AriaRole.Link).ClickAsync();
        await page.Button("Continue").WaitForAsync();
        return page.Url;
    }

    private static Task SettledAsync(IPage page) =>
        page.Button("Confirm the appointment").Or(page.Heading("that time has gone")).First.WaitForAsync();
}
