using System.Net;
using AngleSharp.Html.Dom;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Pages;

public sealed class SignInPageTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task The_page_has_labelled_fields_that_password_managers_know()
    {
        using var browser = host.OpenBrowser();

        var page = await browser.OpenAsync("/account/sign-in");

        Assert.Equal("Sign in - Video appointments", page.Title);
        Assert.Equal("Email address", page.QuerySelector("label[for=Email]")?.TextContent);
        Assert.Equal("Password", page.QuerySelector("label[for=Password]")?.TextContent);
        Assert.Equal("username webauthn", page.QuerySelector("#Email")?.GetAttribute("autocomplete"));
        Assert.Equal("current-password", page.QuerySelector("#Password")?.GetAttribute("autocomplete"));
        Assert.Equal("#maincontent", page.QuerySelector("a.nhsuk-skip-link")?.GetAttribute("href"));
        Assert.NotNull(page.QuerySelector("main#maincontent"));
    }

    [Fact]
    public async Task Demonstration_mode_lists_who_can_sign_in_with_what()
    {
        using var browser = host.OpenBrowser();

        var page = await browser.OpenAsync("/account/sign-in");

        var text = page.QuerySelector("details")?.TextContent;
        Assert.NotNull(text);
        Assert.Contains(IdentityHost.People.Password, text, StringComparison.Ordinal);
        foreach (var person in IdentityHost.People.People)
            Assert.Contains(person.Email, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "Enter your email address", "Enter your password")]
    [InlineData("margaret.hughes@example.com", "", "Enter your password")]
    [InlineData("", "something", "Enter your email address")]
    public async Task Missing_fields_are_named_in_the_summary_and_beside_the_field(string email, string password, params string[] messages)
    {
        using var browser = host.OpenBrowser();

        using var response = await browser.TrySignInAsync(email, password);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var page = await Browser.ReadAsync(response);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Equal(messages, page.QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
        foreach (var link in page.QuerySelectorAll(".nhsuk-error-summary__list a"))
        {
            var field = page.QuerySelector(link.GetAttribute("href") ?? "the link has no target");
            Assert.NotNull(field);
            var described = field.GetAttribute("aria-describedby");
            Assert.Contains(link.TextContent, page.GetElementById(described ?? "the field is not described")?.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_answer_does_not_tell_whether_an_account_exists()
    {
        using var browser = host.OpenBrowser();

        using var known = await browser.TrySignInAsync(Person.Patient(5).Email, "not the password");
        using var unknown = await browser.TrySignInAsync("nobody@example.com", "not the password");

        Assert.Equal(HttpStatusCode.BadRequest, known.StatusCode);
        Assert.Equal(known.StatusCode, unknown.StatusCode);
        Assert.Equal(
            WithoutInputs(await Browser.ReadAsync(known)), WithoutInputs(await Browser.ReadAsync(unknown)));
        Assert.Equal(
            known.Headers.Select(header => header.Key).Order(), unknown.Headers.Select(header => header.Key).Order());
    }

    [Fact]
    public async Task A_typed_password_does_not_come_back_in_the_page()
    {
        using var browser = host.OpenBrowser();

        using var response = await browser.TrySignInAsync(Person.Patient(5).Email, "a-typed-password");

        Assert.DoesNotContain("a-typed-password", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_over_long_password_is_refused_before_it_is_hashed()
    {
        using var browser = host.OpenBrowser();

        using var response = await browser.TrySignInAsync(Person.Patient(5).Email, new string('x', 257));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var page = await Browser.ReadAsync(response);
        Assert.Equal("Your password must be 256 characters or fewer", page.QuerySelector(".nhsuk-error-summary__list a")?.TextContent);
    }

    [Fact]
    public async Task Email_addresses_are_compared_without_case_or_spaces_around()
    {
        using var browser = host.OpenBrowser();

        using var response = await browser.TrySignInAsync($"  {Person.Patient().Email.ToUpperInvariant()} ", IdentityHost.People.Password);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\r\n/evil.example")]
    [InlineData("http:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("@evil.example")]
    [InlineData("")]
    public async Task A_return_address_elsewhere_is_not_followed(string returnUrl)
    {
        using var browser = host.OpenBrowser();

        using var response = await browser.TrySignInAsync(
            Person.Patient().Email, IdentityHost.People.Password, $"/account/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_is_refused()
    {
        using var browser = host.OpenBrowser();
        await browser.OpenAsync("/account/sign-in");
        var fields = new FormUrlEncodedContent(
            [KeyValuePair.Create("Email", Person.Patient().Email), KeyValuePair.Create("Password", IdentityHost.People.Password)]);

        using var response = await browser.Client.PostAsync("/account/sign-in", fields, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Equal("Sorry, there is a problem", (await Browser.ReadAsync(response)).QuerySelector("h1")?.TextContent);
    }

    [Fact]
    public async Task The_start_page_says_who_is_signed_in()
    {
        using var browser = host.OpenBrowser();
        var before = await browser.OpenAsync("/");
        await browser.SignInAsync(Person.Clinician().Email);

        var after = await browser.OpenAsync("/");

        Assert.Equal("You are not signed in", before.QuerySelector("h1")?.TextContent);
        Assert.Contains("You are signed in as Amara Okafor.", after.Body?.TextContent, StringComparison.Ordinal);
    }

    private static string WithoutInputs(IHtmlDocument page)
    {
        foreach (var input in page.QuerySelectorAll("input").ToArray())
            input.Remove();
        return page.DocumentElement.OuterHtml;
    }
}
