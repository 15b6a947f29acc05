using System.Net;
using System.Text;
using Telemedicine.Clinical.Reports;
using Telemedicine.Web.Pages.Practice;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class ReportTests : WebTest
{
    [Fact]
    public async Task Staff_see_how_appointments_went_and_take_it_home_as_a_file_without_a_patients_name()
    {
        using var browser = await Web.SignInAsync(People.Helen);
        var empty = await browser.GetAsync("/practice/reports");
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        await Web.AmaraWaitsAsync(appointment, Seed.At(9));
        await browser.SubmitAsync(await browser.GetAsync($"/clinics/appointments/{appointment}/did-not-attend"), "Mark as did not attend");

        var page = await browser.GetAsync($"/practice/reports?by=Clinician&clinician={Seed.Amara.Id}&service={Seed.Gp.Id}");
        var others = await browser.GetAsync($"/practice/reports?clinician={Seed.Tomasz.Id}");
        var file = await browser.GetAsync(page.Link("Download as a CSV file"));
        var bytes = await file.Response.Content.ReadAsByteArrayAsync(Cancelled);

        Assert.Contains("There were no appointments in these days.", empty.Main, StringComparison.Ordinal);
        Assert.Equal(["Dr Amara Okafor", "All"], page.Document.QuerySelectorAll("main tbody td:first-child").Select(cell => cell.LastChild?.TextContent.Trim()));
        Assert.Equal("1", page.Document.QuerySelector("main tbody td:nth-child(6)")?.LastChild?.TextContent);
        Assert.Contains("There were no appointments in these days.", others.Main, StringComparison.Ordinal);
        Assert.Equal("text/csv", file.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("report-2026-02-03-to-2026-03-02.csv", file.Response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        Assert.Contains(",,Dr Amara Okafor,,1,0,1,0,0,0,0,0,,,,\r\n", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.DoesNotContain("Hughes", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=soon", "Enter a day, such as 2026-03-02", "#From")]
    [InlineData("from=2026-03-02&to=2026-03-01", "The last day must not be before the first", "#To")]
    [InlineData("from=2025-03-02&to=2026-03-01", "Choose at most 92 days", "#To")]
    [InlineData("clinician=everybody", "Choose from the list", "#Clinician")]
    public async Task What_cannot_be_asked_is_said_beside_its_field(string query, string error, string field)
    {
        using var browser = await Web.SignInAsync(People.Helen);

        var page = await browser.GetAsync($"/practice/reports?{query}");
        var file = await browser.GetAsync($"/practice/reports?handler=Csv&{query}");

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([(error, field)], page.Errors);
        Assert.Equal(HttpStatusCode.BadRequest, file.Status);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://example.com\")")]
    [InlineData("+1+1")]
    [InlineData("-2")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    public void What_a_spreadsheet_would_take_for_a_formula_is_made_text(string name)
    {
        var nothing = new Spread(null, null);
        var line = new ReportLine(null, null, name, null, 1, 1, 0, 0, 0, 0, 0, 0, nothing, nothing);

        var text = Encoding.UTF8.GetString(ReportCsv.Write(new Report(line, [line])));

        var cell = text.Split("\r\n")[1].Split(',', 3)[2].TrimStart('"');
        Assert.StartsWith("'", cell, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeline_is_for_its_clinician_and_for_staff()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var patient = await Web.SignInAsync(People.Margaret);
        using var clinician = await Web.SignInAsync(People.Amara);
        using var other = await Web.SignInAsync(People.Tomasz);
        using var staff = await Web.SignInAsync(People.Helen);
        using var neighbour = await Web.SignInAsync(People.Imran);
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        var address = $"/clinics/appointments/{appointment}/timeline";

        var page = await clinician.GetAsync(address);

        Assert.Contains("The patient came into the waiting room.", page.Main, StringComparison.Ordinal);
        Assert.Contains("The clinician let the patient in.", page.Main, StringComparison.Ordinal);
        Assert.Contains("Booked by the patient", page.Main, StringComparison.Ordinal);
        Assert.Contains("Margaret Hughes: 8:30am to now", page.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await staff.GetAsync(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await neighbour.GetAsync(address)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await patient.GetAsync(address)).Status);
    }
}
