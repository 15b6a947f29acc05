using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>An account of one's own: from the practice's start page through an email to the first appointment, and out again.</summary>
public class AccountTests(ProductFixture fixture) : Story(fixture)
{
    private const string Password = "teapot-gravel-envelope";
    private const string NewPassword = "lantern-window-pigeon";

    [Fact]
    public async Task Somebody_new_creates_an_account_and_is_asked_for_the_details_of_a_patient()
    {
        var email = $"nadia.{Guid.NewGuid():N}@example.org";
        var person = await PersonAsync("nadia");
        var page = person.Page;

        await RegisterAsync(page, email);
        await OpenEmailAsync(page, "Confirm your email address", email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.Button("Confirm and sign in").ClickAsync();

        await page.Heading("Your details").WaitForAsync();
        Assert.Equal("Nadia", await page.GetByLabel("First name").InputValueAsync());
        await page.GetByLabel("Day").FillAsync("15");
        await page.GetByLabel("Month").FillAsync("3");
        await page.GetByLabel("Year").FillAsync("1984");
        await page.Button("Continue").ClickAsync();
        await page.Heading("Your appointments").WaitForAsync();
        Assert.Contains("Nadia Hart", await page.GetByRole(AriaRole.Banner).InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_confirms_on_another_device_is_asked_for_the_details_there()
    {
        var email = $"nadia.{Guid.NewGuid():N}@example.org";
        var laptop = await PersonAsync("laptop");
        var phone = await PersonAsync("phone");

        await RegisterAsync(laptop.Page, email);
        await OpenEmailAsync(phone.Page, "Confirm your email address", email);
        await phone.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await phone.Page.Button("Confirm and sign in").ClickAsync();

        await phone.Page.Heading("Your details").WaitForAsync();
    }

    [Fact]
    public async Task A_new_password_signs_other_devices_out_and_a_closed_account_signs_in_no_more()
    {
        var email = $"nadia.{Guid.NewGuid():N}@example.org";
        var person = await PersonAsync("nadia");
        var page = person.Page;
        await RegisterAsync(page, email);
        await OpenEmailAsync(page, "Confirm your email address", email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.Button("Confirm and sign in").ClickAsync();
        await page.Heading("Your details").WaitForAsync();
        var phone = await PersonAsync("phone");

        await phone.Page.GotoAsync(Product.IdentityAddress + "/account/sign-in");
        await phone.Page.Link("I do not know my password").ClickAsync();
        await phone.Page.GetByLabel("Email address of your account").FillAsync(email);
        await phone.Page.Button("Send me the link").ClickAsync();
        await OpenEmailAsync(phone.Page, "Choose a new password", email);
        await phone.Page.GetByLabel("New password").FillAsync(NewPassword);
        await phone.Page.Button("Change password").ClickAsync();
        await phone.Page.Heading("Your password is changed").WaitForAsync();

        // The other device is signed out of the practice too, through the back channel.
        await page.OpenUntilAsync("/registration", page.GetByLabel("Email address"));

        await phone.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await phone.Page.GetByLabel("Email address").FillAsync(email);
        await phone.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(NewPassword);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await phone.Page.Link("Close your account").ClickAsync();
        await phone.Page.GetByLabel("I want to close my account").CheckAsync();
        await phone.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(NewPassword);
        await phone.Page.Button("Close my account").ClickAsync();
        await phone.Page.Heading("Your account is closed").WaitForAsync();

        await page.GetByLabel("Email address").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(NewPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Heading("There is a problem").WaitForAsync();
    }

    private static async Task RegisterAsync(IPage page, string email)
    {
        await page.GotoAsync("/");
        await page.Link("Create an account").ClickAsync();
        await page.GetByLabel("First name").FillAsync("Nadia");
        await page.GetByLabel("Last name").FillAsync("Hart");
        await page.GetByLabel("Email address").FillAsync(email);
        await page.GetByLabel("Choose a password").FillAsync(Password);
        await page.Button("Create account").ClickAsync();
        await page.Heading("Check your email").WaitForAsync();
    }

    /// <summary>Waits for the email as anybody would: by looking again. Then opens its link.</summary>
    private async Task OpenEmailAsync(IPage page, string subject, string email)
    {
        var message = page.Locator("[data-message]").Filter(new() { HasText = subject }).Filter(new() { HasText = email });
        await page.OpenUntilAsync(Product.IdentityAddress + "/demonstration/messages", message);
        await message.First.GetByRole(AriaRole.Link).First.ClickAsync();
    }
}
