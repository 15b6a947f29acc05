using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>The diary as practice staff use it.</summary>
public sealed class DiaryTests : WebTest
{
    private static readonly Actor Helen = Actor.For(Seed.Helen);

    [Fact]
    public async Task A_day_is_a_table_with_an_hour_a_row_and_a_clinician_a_column()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9, 15));

        var page = await browser.GetAsync("/practice/diary");

        Assert.Equal("Diary for Monday 2 March 2026", page.Heading);
        var table = page.Document.QuerySelector<IHtmlTableElement>(".app-diary table");
        Assert.NotNull(table);
        Assert.Equal(["Mr Tomasz Nowak", "Dr Amara Okafor"], table.QuerySelectorAll("thead th:not(:first-child)").Select(head => head.FirstChild?.TextContent.Trim()));
        Assert.Equal(["9am", "10am", "11am"], table.QuerySelectorAll("tbody th[scope=row]").Select(head => head.TextContent));
        Assert.Equal(["9am Free", "9:15am Margaret Hughes", "9:30am Free", "9:45am Free"], Cell(table, 0, 1).Select(entry => entry.TextContent));
        Assert.Equal(["9am Free", "9:30am Free"], Cell(table, 0, 0).Select(entry => entry.TextContent));
        Assert.Empty(Cell(table, 2, 0));
        Assert.Equal($"/practice/bookings/{appointment}", Cell(table, 0, 1)[1].GetAttribute("href"));
        Assert.Equal($"/practice/slots/{Seed.At(9).Id}", Cell(table, 0, 1)[0].GetAttribute("href"));
        Assert.DoesNotContain("Rowan", page.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_filter_is_a_plain_form_and_stays_when_the_day_changes()
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var page = await browser.GetAsync($"/practice/diary?clinician={Seed.Tomasz.Id}&service=&channel=Telephone");
        var next = await browser.GetAsync(page.Link("Day after"));

        Assert.DoesNotContain("9:15am", page.Main, StringComparison.Ordinal);
        Assert.Equal(Seed.Tomasz.Id.ToString(), page.Document.QuerySelector<IHtmlSelectElement>("#Clinician")?.Value);
        Assert.Contains($"clinician={Seed.Tomasz.Id}", next.Address.Query, StringComparison.Ordinal);
        Assert.Contains("There are no clinics on this day that fit what you chose", next.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_in_the_address_shows_today()
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var page = await browser.GetAsync("/practice/diary?day=yesterday&service=nonsense&channel=Pigeon");

        Assert.Equal((HttpStatusCode.OK, "Diary for Monday 2 March 2026"), (page.Status, page.Heading));
        Assert.DoesNotContain("Error", page.Document.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_week_leads_to_a_clinicians_day()
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var week = await browser.GetAsync("/practice/diary/week?day=2026-03-05");
        var day = await browser.GetAsync(week.Link("9am to 10am GP consultation: 0 booked, 4 free"));

        Assert.Equal("Diary for the week of Monday 2 March 2026", week.Heading);
        Assert.Equal(2, week.Document.QuerySelectorAll("tbody tr").Length);
        Assert.Equal("Diary for Tuesday 3 March 2026", day.Heading);
        Assert.DoesNotContain("Tomasz Nowak", day.Document.QuerySelector(".app-diary")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_free_time_is_booked_for_a_patient_and_held_meanwhile()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var slot = await browser.GetAsync((await browser.GetAsync("/practice/diary")).Link("10am Free"));

        var found = await browser.SubmitAsync(slot, "Find the patient", ("Search", "hughes"));
        var confirm = await browser.GetAsync(found.Link("Margaret Hughes, born 14 March 1941"));
        var held = await browser.GetAsync("/practice/diary");
        var booked = await browser.SubmitAsync(confirm, "Confirm the appointment");

        Assert.Contains("10am Held for Margaret Hughes", held.Main, StringComparison.Ordinal);
        Assert.Contains("Appointment booked", booked.Heading, StringComparison.Ordinal);
        Assert.Contains("10am Margaret Hughes", (await browser.GetAsync("/practice/diary")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hold_is_let_go()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        await browser.GetAsync($"/practice/patients/{Seed.Margaret.Id}/appointments/book/{Seed.Gp.Id}/2026-03-02/{Seed.At(10).Id}");

        var held = await browser.GetAsync($"/practice/slots/{Seed.At(10).Id}");
        var free = await browser.SubmitAsync(held, "Do not hold it any longer");

        Assert.Contains("It is held until 8:40am", held.Main, StringComparison.Ordinal);
        Assert.NotNull(free.Document.QuerySelector("h2")?.TextContent);
        Assert.Contains("Book for a patient", free.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_is_blocked_with_a_reason_and_opened_again()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var slot = await browser.GetAsync($"/practice/slots/{Seed.At(10).Id}");

        var silent = await browser.SubmitAsync(slot, "Block this time");
        var blocked = await browser.SubmitAsync(slot, "Block this time", ("Reason", "Staff meeting"));
        var day = await browser.GetAsync("/practice/diary");
        var opened = await browser.SubmitAsync(blocked, "Open this time again");

        Assert.Equal([("Enter why the time is blocked", "#Reason")], silent.Errors);
        Assert.Equal(HttpStatusCode.BadRequest, silent.Status);
        Assert.Contains("10am Blocked: Staff meeting", day.Main, StringComparison.Ordinal);
        Assert.Contains("The time can be booked again.", opened.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_time_is_overbooked_only_with_a_reason()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        await Web.BookAsync(Seed.Margaret, Seed.At(10));
        var slot = await browser.GetAsync($"/practice/slots/{Seed.At(10).Id}");
        var form = await browser.GetAsync((await browser.SubmitAsync(slot, "Find the patient", ("Search", "iqbal"))).Link("Mohammed Iqbal, born 2 November 1978"));

        var silent = await browser.SubmitAsync(form, "Book as an extra");
        var booked = await browser.SubmitAsync(form, "Book as an extra", ("Reason", "Fever since this morning"));

        Assert.Equal([("Enter why one more patient is booked", "#Reason")], silent.Errors);
        Assert.Equal("Mohammed Iqbal", booked.Document.QuerySelector("h1")?.LastChild?.TextContent.Trim());
        Assert.Contains("Booked as an extra", booked.Main, StringComparison.Ordinal);
        Assert.Contains("Reason: Fever since this morning", booked.Main, StringComparison.Ordinal);
        Assert.Contains("10am Mohammed Iqbal (extra)", (await browser.GetAsync("/practice/diary")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overbooking_a_time_with_a_free_place_leads_back_to_booking_it()
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var page = await browser.GetAsync($"/practice/slots/{Seed.At(10).Id}/overbook/{Seed.Margaret.Id}");

        Assert.Equal($"/practice/slots/{Seed.At(10).Id}", page.Path);
    }

    [Fact]
    public async Task An_appointment_moves_to_the_next_free_time_and_the_history_says_so()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var id = await Web.BookAsync(Seed.Margaret, Seed.At(9, 15));
        var appointment = await browser.GetAsync($"/practice/bookings/{id}");

        var times = await browser.GetAsync(appointment.Link("Move"));
        var confirm = await browser.GetAsync(times.Document.QuerySelectorAll("main table a").First(a => a.TextContent.StartsWith("Tuesday 3 March 2026 at 9am", StringComparison.Ordinal)).GetAttribute("href") ?? "");
        var silent = await browser.SubmitAsync(confirm, "Move the appointment");
        var moved = await browser.SubmitAsync(confirm, "Move the appointment", ("Reason", "The clinician is away"));

        Assert.Contains("Choose a new time for Margaret Hughes", times.Main, StringComparison.Ordinal);
        Assert.Equal("#Reason", Assert.Single(silent.Errors).Field);
        Assert.Contains("The appointment is moved", moved.Main, StringComparison.Ordinal);
        Assert.Contains("Moved by staff", (await browser.GetAsync($"/practice/bookings/{id}")).Main, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 9, 0, 0, TimeSpan.Zero), (await Web.FindAsync(Helen, id)).Start);
    }

    [Fact]
    public async Task Free_times_are_found_by_service_clinician_and_channel()
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var all = await browser.GetAsync("/practice/diary/free");
        var phone = await browser.GetAsync("/practice/diary/free?channel=Telephone");
        var none = await browser.GetAsync("/practice/diary/free?day=2026-04-01");

        Assert.Equal(18, all.Document.QuerySelectorAll("main tbody tr").Length);
        Assert.Equal(["Mr Tomasz Nowak"], phone.Document.QuerySelectorAll("main tbody td:nth-child(2)").Select(cell => cell.LastChild?.TextContent).Distinct());
        Assert.Contains("There are no free times", none.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_chosen_for_a_patient_is_confirmed_for_that_patient()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var patient = await browser.GetAsync($"/practice/patients/{Seed.Mohammed.Id}");

        var times = await browser.GetAsync(patient.Link("Find a time in the diary"));
        var confirm = await browser.GetAsync(times.Document.QuerySelector("main table a")?.GetAttribute("href") ?? "");

        Assert.Contains("Choose a time for Mohammed Iqbal", times.Main, StringComparison.Ordinal);
        Assert.StartsWith($"/practice/patients/{Seed.Mohammed.Id}/appointments/book/", confirm.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arrived_missed_and_undone_are_marked_and_kept_with_their_reason()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var id = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var booked = await browser.GetAsync($"/practice/bookings/{id}");

        var arrived = await browser.SubmitAsync(booked, "Mark as arrived");
        var silent = await browser.SubmitAsync(arrived, "Undo \"arrived\"");
        var undone = await browser.SubmitAsync(arrived, "Undo \"arrived\"", ("Reason", "Wrong Margaret"));
        await Web.AmaraWaitsAsync(id, Seed.At(9));
        var begun = await browser.GetAsync($"/practice/bookings/{id}");
        await browser.SubmitAsync(await browser.GetAsync(begun.Link("The appointment was not held")), "Mark as was not brought");
        var missed = await browser.GetAsync($"/practice/bookings/{id}");

        Assert.DoesNotContain("The appointment was not held", booked.Main, StringComparison.Ordinal);
        Assert.Contains("The clinician was there from now on", begun.Main, StringComparison.Ordinal);
        Assert.Contains("Arrived", Status(arrived), StringComparison.Ordinal);
        Assert.Equal([("Enter why the mark is undone", "#Reason")], silent.Errors);
        Assert.Contains("Booked", Status(undone), StringComparison.Ordinal);
        Assert.Contains("Reason: Wrong Margaret", undone.Main, StringComparison.Ordinal);
        Assert.Contains("Was not brought", Status(missed), StringComparison.Ordinal);
        Assert.Contains("9am Margaret Hughes, was not brought", (await browser.GetAsync("/practice/diary")).Main, StringComparison.Ordinal);
    }

    private static string Status(Page page) => page.Document.QuerySelector(".nhsuk-summary-list .nhsuk-tag")?.TextContent ?? "";

    private static IHtmlCollection<IElement> Cell(IHtmlTableElement table, int row, int column) =>
        table.QuerySelectorAll("tbody tr")[row].QuerySelectorAll("td")[column].QuerySelectorAll("a");
}
