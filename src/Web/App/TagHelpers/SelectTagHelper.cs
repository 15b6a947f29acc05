using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Telemedicine.Web.TagHelpers;

/// <summary>A choice from a list. The first line, of this text and no value, leaves the question open.</summary>
[HtmlTargetElement("nhsuk-select", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SelectTagHelper : FormGroupTagHelper
{
    public required IEnumerable<(string Value, string Text)> Items { get; set; }

    /// <summary>No such line, if null.</summary>
    public string? Open { get; set; }

    protected override IHtmlContent Body()
    {
        var select = Element("select", Error is null ? "nhsuk-select" : "nhsuk-select nhsuk-select--error");
        select.Attributes["id"] = Id;
        select.Attributes["name"] = Name;
        Describe(select);
        var chosen = ValueAt(Name) ?? Convert.ToString(For.Model, CultureInfo.InvariantCulture) ?? "";
        if (Open is not null)
            select.InnerHtml.AppendHtml(Option("", Open, chosen));
        foreach (var (value, text) in Items)
            select.InnerHtml.AppendHtml(Option(value, text, chosen));
        return new HtmlContentBuilder().AppendHtml(LabelElement()).AppendHtml(Descriptions()).AppendHtml(select);
    }

    private static TagBuilder Option(string value, string text, string chosen)
    {
        var option = new TagBuilder("option");
        option.Attributes["value"] = value;
        if (value == chosen)
            option.Attributes["selected"] = "selected";
        option.InnerHtml.Append(text);
        return option;
    }
}
