using System.Net;
using System.Text;
using PdfSharp.Pdf;
using PdfSharp.Pdf.IO;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Carers;
using Telemedicine.Web.Letters;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>After the consultation: the letter as a page and as a PDF, the next appointment, tasks for staff, the survey.</summary>
public sealed class AfterTests : WebTest
{
    [Fact]
    public async Task A_letter_is_written_sent_and_read_by_the_patient_alone()
    {
        var (appointment, amara, patient) = await FinishedAsync();
        using var grace = await Web.SignInAsync(People.Grace);
        var carer = await Web.AddCarerAsync(People.Grace, CarerRights.SeeAppointments | CarerRights.JoinConsultations);
        var form = await amara.GetAsync((await amara.GetAsync($"/clinics/consultations/{appointment}")).Link("Write to the patient"));

        var empty = await amara.SubmitAsync(form, "Yes, send the letter");
        var saved = await amara.SubmitAsync(empty, "Save letter", ("Summary", "You have a <cold>."), ("Next", "Rest.\n- Drink enough\n- Phone us in 3 weeks"));
        var unread = await patient.GetAsync($"/consultations/{appointment}/outcome");
        var unsentFile = await patient.GetAsync($"/consultations/{appointment}/letter.pdf");
        var sent = await amara.SubmitAsync(saved, "Yes, send the letter");
        var read = await patient.GetAsync($"/consultations/{appointment}/outcome");

        Assert.Equal([("Enter what you talked about", "#Summary"), ("Enter what happens next", "#Next")], empty.Errors);
        Assert.Contains("Saved at 8:30am.", saved.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("cold", unread.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, unsentFile.Status);
        Assert.Contains("You sent this letter on", sent.Main, StringComparison.Ordinal);
        Assert.Null(sent.Document.QuerySelector("textarea"));
        Assert.Contains("You have a <cold>.", read.Main, StringComparison.Ordinal);
        Assert.Equal(["Drink enough", "Phone us in 3 weeks"], read.Document.QuerySelectorAll("main ul li").Select(item => item.TextContent));
        var file = await patient.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Browser.Web, read.Link("Download it as a letter (PDF)"))));
        Assert.Equal(("application/pdf", HttpStatusCode.OK), (file.Response.Content.Headers.ContentType?.MediaType, file.Status));
        Assert.True(file.Response.Headers.CacheControl?.NoStore);

        var asCarer = await grace.GetAsync($"/acting-for/{carer}/consultations/{appointment}/outcome");
        Assert.Equal(HttpStatusCode.OK, asCarer.Status);
        Assert.DoesNotContain("cold", asCarer.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await grace.GetAsync($"/acting-for/{carer}/consultations/{appointment}/letter.pdf")).Status);
    }

    [Fact]
    public async Task The_letter_saves_itself_and_two_windows_do_not_overwrite_each_other()
    {
        var (appointment, amara, _) = await FinishedAsync();
        var one = await amara.GetAsync($"/clinics/consultations/{appointment}/letter");
        var two = await amara.GetAsync($"/clinics/consultations/{appointment}/letter");
        var address = one.Document.QuerySelector("form[data-autosave]")?.GetAttribute("data-autosave") ?? "";

        var saved = await amara.PostAsync(address, Form(one, "One"));
        var told = await amara.PostAsync(address, Form(two, "Two"));
        var tooLong = await amara.PostAsync(address, Form(one, new string('x', PatientLetter.SummaryLength + 1)));
        var compared = await amara.SubmitAsync(two, "Save letter", ("Summary", "Two"));
        var both = await amara.SubmitAsync(compared, "Save letter", ("Summary", "Both"));

        Assert.Equal("Saved at 8:30am.", saved.Json.GetProperty("words").GetString());
        Assert.Equal(HttpStatusCode.Conflict, told.Status);
        Assert.Equal("What you talked about must be 4,000 characters or fewer.", tooLong.Json.GetProperty("words").GetString());
        Assert.Contains("One", compared.Document.QuerySelector(".nhsuk-inset-text")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("Both", both.Document.QuerySelector("#Summary")?.TextContent, StringComparison.Ordinal);

        static Dictionary<string, string> Form(Page page, string summary) => new()
        {
            ["__RequestVerificationToken"] = page.RequestToken ?? "",
            ["Window"] = page.Document.QuerySelector("input[name=Window]")?.GetAttribute("value") ?? "",
            ["Number"] = "1",
            ["Version"] = "0",
            ["Summary"] = summary,
        };
    }

    [Fact]
    public async Task Staff_download_a_sent_letter_to_post_it_and_nobody_elses_staff_does()
    {
        var (appointment, amara, _) = await FinishedAsync();
        using var helen = await Web.SignInAsync(People.Helen);
        using var imran = await Web.SignInAsync(People.Imran);
        var before = await helen.GetAsync($"/practice/bookings/{appointment}");
        await SendLetterAsync(amara, appointment);

        var page = await helen.GetAsync($"/practice/bookings/{appointment}");
        var file = await helen.SubmitAsync(page, "Download the letter (PDF)");
        var token = (await imran.GetAsync("/account/sign-out")).RequestToken ?? "";
        var foreign = await imran.PostAsync($"/practice/bookings/{appointment}/letter.pdf", new Dictionary<string, string> { ["__RequestVerificationToken"] = token });

        Assert.DoesNotContain("Download the letter", before.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("You have a cold", page.Main, StringComparison.Ordinal);
        Assert.Equal("application/pdf", file.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
    }

    [Fact]
    public async Task The_follow_up_is_booked_from_the_consultation_and_the_patient_sees_it()
    {
        var (appointment, amara, patient) = await FinishedAsync();
        var page = await amara.GetAsync((await amara.GetAsync($"/clinics/consultations/{appointment}")).Link("Book a follow-up"));
        var chosen = page.Document.QuerySelector("input[name=Chosen]")?.GetAttribute("value") ?? "";

        var none = await amara.SubmitAsync(page, "Book the follow-up");
        var nonsense = await amara.PostAsync(page.Path, new Dictionary<string, string> { ["__RequestVerificationToken"] = page.RequestToken ?? "", ["Chosen"] = "x y" });
        var booked = await amara.SubmitAsync(none, "Book the follow-up", ("Chosen", chosen));
        var later = await amara.GetAsync(page.Path + "?After=84&Anyone=true");
        var after = await patient.GetAsync($"/consultations/{appointment}/outcome");

        Assert.Equal([("Select a time", "#Chosen")], none.Errors);
        Assert.NotNull(none.Document.QuerySelector("#Chosen"));
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.Status);
        Assert.Contains("The follow-up is booked.", booked.Document.QuerySelector(".nhsuk-notification-banner--success")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("Booked: GP consultation with Dr Amara Okafor", booked.Main, StringComparison.Ordinal);
        Assert.Contains("There are no free times.", later.Main, StringComparison.Ordinal);
        Assert.Contains("Your next appointment: GP consultation with Dr Amara Okafor", after.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clinician_leaves_a_task_and_staff_do_it()
    {
        var (appointment, amara, _) = await FinishedAsync();
        using var helen = await Web.SignInAsync(People.Helen);
        using var imran = await Web.SignInAsync(People.Imran);
        var page = await amara.GetAsync((await amara.GetAsync($"/clinics/consultations/{appointment}")).Link("Leave a task for practice staff"));

        var empty = await amara.SubmitAsync(page, "Leave the task");
        var left = await amara.SubmitAsync(empty, "Leave the task", ("Text", "Send the <blood> form"), ("Urgent", "true"));
        var tasks = await helen.GetAsync("/practice/tasks");
        var done = await helen.SubmitAsync(tasks, "Mark as done: Margaret Hughes, Send the <blood> form");
        var twice = await helen.SubmitAsync(tasks, "Mark as done: Margaret Hughes, Send the <blood> form");
        var seen = await amara.GetAsync(page.Path);

        Assert.Equal([("Enter what is to be done", "#Text")], empty.Errors);
        Assert.Contains("Urgent", left.Main, StringComparison.Ordinal);
        Assert.Contains("Send the <blood> form", tasks.Main, StringComparison.Ordinal);
        Assert.Contains("The task is done.", done.Document.QuerySelector(".nhsuk-notification-banner--success")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("has done this task already", twice.Main, StringComparison.Ordinal);
        Assert.Contains("by Helen Brooks", seen.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("blood", (await imran.GetAsync("/practice/tasks")).Main, StringComparison.Ordinal);
        var foreign = await imran.PostAsync("/practice/tasks?handler=Reopen", new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = (await imran.GetAsync("/practice/tasks")).RequestToken ?? (await imran.GetAsync("/account/sign-out")).RequestToken ?? "",
            ["task"] = tasks.Document.QuerySelector("input[name=task]")?.GetAttribute("value") ?? "",
        });
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
    }

    [Fact]
    public async Task The_survey_is_answered_once_and_counted_in_the_reports()
    {
        var (appointment, _, patient) = await FinishedAsync();
        using var helen = await Web.SignInAsync(People.Helen);
        Web.Time.Advance(TimeSpan.FromHours(2));
        var page = await patient.GetAsync($"/consultations/{appointment}/outcome");

        var empty = await patient.SubmitAsync(page, "Send your answers");
        var half = await patient.SubmitAsync(page, "Send your answers", ("Experience", "Good"));
        var kept = await patient.SubmitAsync(half, "Send your answers", ("CallWorked", "Badly"));
        var twice = await patient.SubmitAsync(page, "Send your answers", ("Experience", "VeryPoor"), ("CallWorked", "Well"));
        var report = await helen.GetAsync("/practice/reports");

        Assert.Equal([("Select how your experience was", "#Experience"), ("Select how well the call worked", "#CallWorked")], empty.Errors);
        Assert.Equal([("Select how well the call worked", "#CallWorked")], half.Errors);
        Assert.True(half.Document.QuerySelector("input[value=Good]")?.HasAttribute("checked"));
        Assert.Contains("Thank you. We have your answers.", kept.Main, StringComparison.Ordinal);
        Assert.Null(kept.Document.QuerySelector("input[name=Experience]"));
        Assert.Contains("You have answered before. Your first answers stand.", twice.Main, StringComparison.Ordinal);
        Assert.Contains("1 person has answered", report.Main, StringComparison.Ordinal);
        Assert.Equal(["0", "1", "0", "0", "0", "0", "0", "0", "1"], report.Document.QuerySelectorAll("td.nhsuk-table__cell--numeric").Select(cell => cell.TextContent));
    }

    [Fact]
    public void The_pdf_is_tagged_titled_in_a_language_with_its_font_embedded_and_as_long_as_it_must_be()
    {
        var summary = string.Join("\n", Enumerable.Range(0, 60).Select(number => $"Paragraph {number}: Zażółć gęślą jaźń, μ and ж, and a word that is long: {new string('w', 120)}"));
        var letter = new LetterToRead(AppointmentId.New(), "ABC-DEF", "Margaret Hughes", new DateOnly(1941, 3, 14), "Dr Amara Okafor", "Riverside Health Centre", "01632 960 000", "GP consultation", Seed.Today(9, 0), Seed.Today(10, 0), summary, string.Join("\n", Enumerable.Range(0, 60).Select(number => $"- Item {number}")));

        var bytes = LetterPdf.Write(letter);

        using var document = PdfReader.Open(new MemoryStream(bytes), PdfDocumentOpenMode.Import);
        Assert.True(document.PageCount is > 5 and < 14, $"{document.PageCount} pages");
        Assert.Equal("Your appointment on Monday 2 March 2026", document.Info.Title);
        var catalog = document.Internals.Catalog.Elements;
        Assert.Equal("en-GB", catalog.GetString("/Lang"));
        Assert.NotNull(catalog.GetDictionary("/StructTreeRoot"));
        Assert.True(catalog.GetDictionary("/MarkInfo")?.Elements.GetBoolean("/Marked"));
        Assert.True(catalog.GetDictionary("/ViewerPreferences")?.Elements.GetBoolean("/DisplayDocTitle"));
        Assert.Contains("/FontFile2", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.All(document.Pages.Cast<PdfPage>(), page => Assert.Equal(595, page.Width.Point, 1.0));
    }

    [Fact]
    public void Lines_with_a_dash_become_a_list()
    {
        var blocks = LetterBlock.Of("Rest.\r\n\r\n- Drink\n* Sleep \nThen - phone us\n-\n");

        Assert.Equal(["Rest.", "Drink|Sleep", "Then - phone us", "-"], blocks.Select(block => string.Join('|', block.Lines)));
        Assert.Equal([false, true, false, false], blocks.Select(block => block.IsList));
    }

    private async Task<(AppointmentId Appointment, Browser Clinician, Browser Patient)> FinishedAsync()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var patient = await Web.SignInAsync(People.Margaret);
        var browser = await Web.SignInAsync(People.Amara);
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        await browser.SubmitAsync(await browser.GetAsync($"/clinics/consultations/{appointment}"), "Yes, finish the consultation", ("Note", "Advice given."));
        return (appointment, browser, patient);
    }

    private static async Task SendLetterAsync(Browser clinician, AppointmentId appointment) =>
        await clinician.SubmitAsync(await clinician.GetAsync($"/clinics/consultations/{appointment}/letter"), "Yes, send the letter", ("Summary", "You have a cold."), ("Next", "Rest."));
}
