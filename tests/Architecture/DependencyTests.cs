using System.Xml.Linq;
using Xunit;

namespace Telemedicine.Architecture.Tests;

/// <summary>Who may refer to whom (README, "How it is built"): each project's own references, read from its project file.</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["src/Signalling/Contracts/Telemedicine.Signalling.Contracts.csproj"] = [],
        ["src/Signalling/Media/Telemedicine.Media.csproj"] = [],
        ["src/Signalling/App/Telemedicine.Signalling.csproj"] = ["Telemedicine.Media", "Telemedicine.Signalling.Contracts"],
        ["src/Web/Clinical/Telemedicine.Clinical.csproj"] = ["Telemedicine.SqlClientTypes"],
        ["src/Web/App/Telemedicine.Web.csproj"] = ["Telemedicine.Clinical", "Telemedicine.Mail", "Telemedicine.Signalling.Contracts"],
        ["src/Identity/App/Telemedicine.Identity.csproj"] = ["Telemedicine.Mail", "Telemedicine.SqlClientTypes"],
        ["src/Mail/Telemedicine.Mail.csproj"] = [],
        ["infra/sqlclient-types/Telemedicine.SqlClientTypes.csproj"] = [],
    };

    [Fact]
    public void Every_production_project_is_in_the_table()
    {
        var projects = new[] { "src", "infra" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(Repository.Relative);

        Assert.Equal(Allowed.Keys.Order(), projects.Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_it_may(string project)
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string?)reference.Attribute("Include")))
            .Order();

        Assert.Equal(Allowed[project].Order(), references);
    }

    [Theory]
    [InlineData("src/Web/Clinical/Telemedicine.Clinical.csproj")]
    [InlineData("src/Signalling/Contracts/Telemedicine.Signalling.Contracts.csproj")]
    [InlineData("src/Signalling/Media/Telemedicine.Media.csproj")]
    public void Domain_contracts_and_media_know_no_web_framework(string project)
    {
        var document = XDocument.Load(Path.Combine(Repository.Root, project));

        Assert.Equal("Microsoft.NET.Sdk", (string?)document.Root?.Attribute("Sdk"));
        Assert.Empty(document.Descendants("FrameworkReference"));
    }

    [Theory]
    [InlineData("src/Signalling/Contracts/Telemedicine.Signalling.Contracts.csproj")]
    [InlineData("src/Signalling/Media/Telemedicine.Media.csproj")]
    public void Contracts_and_media_use_no_package(string project) =>
        Assert.Empty(XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference"));

    public static TheoryData<string> Projects => [.. Allowed.Keys];
}
