using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>An email as its reader sees it.</summary>
/// <param name="Links">Without the issuer before them.</param>
public sealed record ReceivedEmail(string To, string Subject, string Text, IReadOnlyList<string> Links)
{
    /// <summary>The only one.</summary>
    public string Link => Assert.Single(Links);

    public static IEnumerable<ReceivedEmail> On(IHtmlDocument page) => page.QuerySelectorAll("[data-message]").Select(card =>
    {
        var links = card.QuerySelectorAll<IHtmlAnchorElement>("a").Select(link => link.GetAttribute("href") ?? "").ToList();
        Assert.All(links, link => Assert.StartsWith(IdentityHost.Issuer + "/", link, StringComparison.Ordinal));
        var to = card.QuerySelector(".nhsuk-body-s")?.TextContent ?? "";
        return new ReceivedEmail(
            to["To ".Length..to.IndexOf(',', StringComparison.Ordinal)],
            card.QuerySelector("h2")?.TextContent ?? "",
            card.TextContent,
            [.. links.Select(link => link[IdentityHost.Issuer.Length..])]);
    });
}
