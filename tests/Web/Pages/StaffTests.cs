using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical.Data;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>Who runs the practice: how the first one comes in, and what administrators decide.</summary>
public sealed class StaffTests : WebTest
{
    private static readonly Account Joan = new("sub-joan", "Joan", "Price", "joan.price@example.com", "staff");
    private static readonly Account Owner = new("sub-owner", "Olu", "Adeyemi", "olu@example.com", "administrator");

    [Fact]
    public async Task A_member_of_staff_is_added_by_address_and_signs_in_until_their_access_ends()
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        using var joan = await Web.SignInAsync(Joan);
        var before = await joan.GetAsync("/practice/diary");
        var form = await ruth.GetAsync((await ruth.GetAsync("/practice/staff")).Link("Add a member of staff"));

        var empty = await ruth.SubmitAsync(form, "Save");
        var taken = await SaveAsync(ruth, form, ("GivenName", "Joan"), ("FamilyName", "Price"), ("Email", "Helen.Brooks@riverside.example"));
        var added = await SaveAsync(ruth, form, ("GivenName", "Joan"), ("FamilyName", "Price"), ("Email", " Joan.Price@example.com "));
        var during = await joan.GetAsync("/practice/diary");
        var services = await joan.GetAsync("/practice/services");
        var page = await ruth.GetAsync((await ruth.GetAsync("/practice/staff")).Link("Joan Price"));
        var ended = await ruth.SubmitAsync(page, "End their access");
        // Their sign-ins until this moment have ended; the browser signs in anew.
        Web.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await joan.GetAsync("/practice/diary");
        await ruth.SubmitAsync(ended, "They work here again");

        Assert.Equal(HttpStatusCode.Forbidden, before.Status);
        Assert.Contains("joan.price@example.com", before.Main, StringComparison.Ordinal);
        Assert.Equal(["#GivenName", "#FamilyName", "#Email"], empty.Errors.Select(error => error.Field));
        Assert.Equal("#Email", Assert.Single(taken.Errors).Field);
        Assert.Equal("Joan", taken.Document.QuerySelector("#GivenName")?.GetAttribute("value"));
        Assert.Contains("Waits for an account with joan.price@example.com", added.Main, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (during.Status, services.Status));
        Assert.Equal(HttpStatusCode.Forbidden, after.Status);
        Assert.Equal(HttpStatusCode.OK, (await joan.GetAsync("/practice/diary")).Status);
    }

    [Theory]
    [InlineData(true, "patient")]
    [InlineData(false, "staff")]
    public async Task An_address_that_is_not_confirmed_or_a_role_that_is_another_is_not_recognised(bool verified, string role)
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        await SaveAsync(ruth, await ruth.GetAsync("/practice/staff/edit"), ("GivenName", "Joan"), ("FamilyName", "Price"), ("Email", "joan.price@example.com"));
        using var other = await Web.SignInAsync(new Account("sub-other", "Joan", "Price", "joan.price@example.com", role) { EmailVerified = verified });

        var refused = await other.GetAsync("/practice/diary");

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        using var joan = await Web.SignInAsync(Joan);
        Assert.Equal(HttpStatusCode.OK, (await joan.GetAsync("/practice/diary")).Status);
    }

    [Fact]
    public async Task Once_an_account_is_recognised_another_with_the_address_is_not_and_another_address_forgets_it()
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        await SaveAsync(ruth, await ruth.GetAsync("/practice/staff/edit"), ("GivenName", "Joan"), ("FamilyName", "Price"), ("Email", "joan.price@example.com"));
        using var joan = await Web.SignInAsync(Joan);
        await joan.GetAsync("/practice/diary");
        using var second = await Web.SignInAsync(Joan with { Subject = "sub-second" });

        var refused = await second.GetAsync("/practice/diary");
        var page = await ruth.GetAsync((await ruth.GetAsync("/practice/staff")).Link("Joan Price"));
        await SaveAsync(ruth, page, ("GivenName", "Joan"), ("FamilyName", "Price"), ("Email", "joan@example.com"));
        Web.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await joan.GetAsync("/practice/diary")).Status);
    }

    [Fact]
    public async Task Administrators_keep_their_own_access_and_see_their_own_practice_only()
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        var list = await ruth.GetAsync("/practice/staff");
        var own = await ruth.GetAsync($"/practice/staff/edit/{Seed.Ruth.Id}");
        var token = KeyValuePair.Create("__RequestVerificationToken", own.RequestToken ?? "");

        var ended = await ruth.PostAsync($"/practice/staff/edit/{Seed.Ruth.Id}?handler=End", [token]);
        var stepsDown = await SaveAsync(ruth, own, ("GivenName", "Ruth"), ("FamilyName", "Fielding"), ("Email", People.Ruth.Email ?? ""));
        var foreign = await ruth.GetAsync($"/practice/staff/edit/{Seed.Imran.Id}");
        var foreignEnd = await ruth.PostAsync($"/practice/staff/edit/{Seed.Imran.Id}?handler=End", [token]);

        Assert.DoesNotContain("Imran", list.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("End their access", own.Main, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (ended.Status, stepsDown.Status));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (foreign.Status, foreignEnd.Status));
        Assert.Equal(HttpStatusCode.OK, (await ruth.GetAsync("/practice/services")).Status);
    }

    [Fact]
    public async Task The_operators_command_makes_a_practice_whose_administrator_signs_in_and_does_the_rest()
    {
        var incomplete = await CommandAsync(("name", "Elm Road Surgery"), ("time-zone", "Europe/Nowhere"), ("email", "olu@example.com"));
        var made = await CommandAsync(("name", "Elm Road Surgery"), ("time-zone", "Europe/London"), ("phone", "01632 960 000"), ("given-name", "Olu"), ("family-name", "Adeyemi"), ("email", "Olu@Example.com"));
        var again = await CommandAsync(("name", "Elm Road Surgery"), ("given-name", "Olu"), ("family-name", "Adeyemi"), ("email", "olu@example.com"));
        var second = await CommandAsync(("name", "Elm Road Surgery"), ("given-name", "Sam"), ("family-name", "Lee"), ("email", "sam@example.com"));
        using var owner = await Web.SignInAsync(Owner);

        var services = await owner.GetAsync("/practice/services");
        var staff = await owner.GetAsync("/practice/staff");

        Assert.Equal((1, 0, 1, 0), (incomplete.Code, made.Code, again.Code, second.Code));
        Assert.Contains("The practice needs a time zone", incomplete.Text, StringComparison.Ordinal);
        Assert.Contains("The administrator needs a first and a last name.", incomplete.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, services.Status);
        Assert.Contains("Elm Road Surgery", services.Text, StringComparison.Ordinal);
        Assert.Contains("Olu Adeyemi", staff.Main, StringComparison.Ordinal);
        Assert.Contains("Sam Lee", staff.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Ruth", staff.Main, StringComparison.Ordinal);
        await using var scope = Web.Services.CreateAsyncScope();
        Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<ClinicalDbContext>().Practices.CountAsync(row => row.Name == "Elm Road Surgery", TestContext.Current.CancellationToken));
    }

    private static Task<Page> SaveAsync(Browser browser, Page form, params (string Name, string Value)[] fields) =>
        browser.PostAsync(form.Address.ToString(), [KeyValuePair.Create("__RequestVerificationToken", form.RequestToken ?? ""), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);

    private async Task<(int Code, string Text)> CommandAsync(params (string Name, string Value)[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(arguments.ToDictionary(argument => argument.Name, argument => (string?)argument.Value)).Build();
        await using var output = new StringWriter { NewLine = "\n" };
        var code = await AddPracticeCommand.RunAsync(Web.Services, configuration, output);
        return (code, output.ToString());
    }
}
