using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A passkey in a real browser, with the authenticator that Chromium has for tests: a device with a finger on its sensor.</summary>
public class PasskeyTests(ProductFixture fixture) : Story(fixture)
{
    private const string Email = "mei.chen@example.com";

    [Fact]
    public async Task A_passkey_is_added_and_named_signs_in_to_the_practice_and_is_removed()
    {
        var person = await PersonAsync("mei");
        var page = person.Page;
        await GiveDeviceAsync(person);
        await page.SignInAsync(Email, Product.Password);

        await page.GotoAsync(Product.IdentityAddress + "/");
        await page.Link("Your passkeys").ClickAsync();
        await page.Button("Add a passkey").ClickAsync();
        await page.GetByLabel("Name of the passkey").FillAsync("My laptop");
        await page.Button("Add the passkey").ClickAsync();
        await page.GetByText("The passkey is added.").WaitForAsync();
        await page.Link("Rename My laptop").ClickAsync();
        await page.GetByLabel("Name of the passkey").FillAsync("The blue laptop");
        await page.Button("Save the name").ClickAsync();
        await page.GetByText("The passkey has a new name.").WaitForAsync();

        await page.GotoAsync("/");
        await page.Button("Sign out").ClickAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Button("Sign in with a passkey").ClickAsync();
        await page.Button("Sign out").WaitForAsync();
        Assert.Contains("Mei Chen", await page.GetByRole(AriaRole.Banner).InnerTextAsync(), StringComparison.Ordinal);

        await page.GotoAsync(Product.IdentityAddress + "/account/passkeys");
        Assert.Contains("Last used", await page.GetByRole(AriaRole.Main).InnerTextAsync(), StringComparison.Ordinal);
        await page.Link("Remove The blue laptop").ClickAsync();
        await page.Button("Remove the passkey").ClickAsync();
        await page.GetByText("You have no passkeys.").WaitForAsync();

        await page.GotoAsync(Product.IdentityAddress + "/account/sign-in/passkey");
        await page.Button("Sign in with a passkey").ClickAsync();
        await page.GetByText("That passkey was not accepted.").First.WaitForAsync();
    }

    /// <summary>
    /// One that makes and unlocks passkeys without being touched. It would also answer the page's offer to fill one in, as soon as the page
    /// is open; people must choose that, so here it is as in a browser without it.
    /// </summary>
    private static async Task GiveDeviceAsync(Person person)
    {
        await person.Context.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);");
        var devtools = await person.Context.NewCDPSessionAsync(person.Page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
