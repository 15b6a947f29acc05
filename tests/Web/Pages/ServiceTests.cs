using System.Net;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class ServiceTests : WebTest
{
    [Fact]
    public async Task A_fault_is_a_plain_page_that_tells_nothing_of_the_inside()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection(Web.ConnectionString))
        {
            await connection.OpenAsync(Cancelled);
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE Encounters; ALTER TABLE Patients RENAME TO Gone;";
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        var page = await browser.GetAsync("/appointments");

        Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
        Assert.Equal("Sorry, there is a problem with the service", page.Heading);
        Assert.DoesNotContain("SQLite", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_kept_for_as_long_as_their_address_names_their_version()
    {
        using var browser = Web.Browser();

        var plain = await browser.GetAsync("/robots.txt");
        var versioned = await browser.GetAsync("/robots.txt?v=1");

        Assert.Equal("no-cache", plain.Response.Headers.CacheControl?.ToString());
        Assert.Equal("public, max-age=31536000, immutable", versioned.Response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/favicon.ico")]
    [InlineData("/clinics/not-a-clinic")]
    public async Task An_address_that_does_not_exist_is_not_found_and_asks_nobody_to_sign_in(string address)
    {
        using var browser = Web.Browser();

        var page = await browser.GetAsync(address, follow: false);

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal("Page not found", page.Heading);
    }

    [Fact]
    public async Task Health_says_so_without_signing_in()
    {
        using var browser = Web.Browser();

        var page = await browser.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("Healthy", page.Text);
    }
}
