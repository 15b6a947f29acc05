using System.Net;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class RegistrationTests : WebTest
{
    private static readonly (string, string)[] Whole =
    [
        ("GivenName", "Ines"), ("FamilyName", "Newcomer"), ("DateOfBirth.Day", "15"), ("DateOfBirth.Month", "3"), ("DateOfBirth.Year", "1984"),
        ("Phone", "07700 900123"), ("Practice", Seed.Riverside.Id.ToString()),
    ];

    [Fact]
    public async Task A_patient_who_is_new_gives_their_details_and_goes_on_to_where_they_wanted()
    {
        using var browser = await Web.SignInAsync(People.NewPatient);
        var form = await browser.GetAsync("/appointments/book");

        var after = await browser.SubmitAsync(form, "Continue", Whole);

        Assert.Equal("Your details", form.Heading);
        Assert.Equal("Ines", form.Document.QuerySelector("#GivenName")?.GetAttribute("value"));
        Assert.Equal("/appointments/book", after.Path);
        Assert.Contains(Seed.Riverside.Name, after.Document.QuerySelector("header")?.TextContent);
        Assert.Equal("/appointments", (await browser.GetAsync("/registration")).Path);
    }

    [Fact]
    public async Task What_is_missing_or_wrong_is_said_with_a_link_to_the_field_and_nothing_typed_is_lost()
    {
        using var browser = await Web.SignInAsync(People.NewPatient);
        var form = await browser.GetAsync("/registration");

        var page = await browser.SubmitAsync(form, "Continue", ("GivenName", ""), ("FamilyName", "New<b>comer"), ("DateOfBirth.Day", "31"), ("DateOfBirth.Month", "2"), ("DateOfBirth.Year", "1984"), ("Phone", "call me"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(
            new HashSet<(string, string)>
            {
                ("Enter your first name", "#GivenName"),
                ("Date of birth must be a real date, like 15 3 1984", "#DateOfBirth"),
                ("Enter a phone number, like 07700 900123", "#Phone"),
                ("Select your practice", "#Practice"),
            },
            page.Errors.ToHashSet());
        foreach (var (_, field) in page.Errors)
            Assert.NotNull(page.Document.QuerySelector($"input{field}"));
        Assert.Equal("New<b>comer", page.Document.QuerySelector("#FamilyName")?.GetAttribute("value"));
        Assert.Equal("31", page.Document.QuerySelector("#DateOfBirth")?.GetAttribute("value"));
        Assert.Equal("1984", page.Document.QuerySelector("#DateOfBirth_Year")?.GetAttribute("value"));
        Assert.Equal("call me", page.Document.QuerySelector("#Phone")?.GetAttribute("value"));
    }

    [Theory]
    [InlineData("2026")]
    [InlineData("1895")]
    public async Task A_date_of_birth_ahead_or_beyond_a_life_is_refused(string year)
    {
        using var browser = await Web.SignInAsync(People.NewPatient);
        var form = await browser.GetAsync("/registration");

        var page = await browser.SubmitAsync(form, "Continue", [.. Whole.Where(f => f.Item1 != "DateOfBirth.Year"), ("DateOfBirth.Year", year)]);

        Assert.Equal([("Date of birth must be in the past, and less than 130 years ago", "#DateOfBirth")], page.Errors);
    }

    [Fact]
    public async Task A_return_address_elsewhere_is_ignored()
    {
        using var browser = await Web.SignInAsync(People.NewPatient);
        var form = await browser.GetAsync("/registration?returnUrl=https%3A%2F%2Fevil.test%2F");

        var after = await browser.SubmitAsync(form, "Continue", Whole);

        Assert.Equal("/appointments", after.Path);
        Assert.Equal("web.test", after.Address.Host);
    }
}
