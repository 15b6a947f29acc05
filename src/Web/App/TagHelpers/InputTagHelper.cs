using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Telemedicine.Web.TagHelpers;

/// <summary>A one-line text field.</summary>
[HtmlTargetElement("nhsuk-input", TagStructure = TagStructure.WithoutEndTag)]
public sealed class InputTagHelper : FormGroupTagHelper
{
    public string Type { get; set; } = "text";

    public string? Autocomplete { get; set; }

    public string? Inputmode { get; set; }

    /// <summary>In characters: 2, 3, 4, 5, 10, 20 or 30.</summary>
    public int? Width { get; set; }

    protected override IHtmlContent Body()
    {
        var input = Element("input", "nhsuk-input" + (Width is null ? "" : $" nhsuk-input--width-{Width}") + (Error is null ? "" : " nhsuk-input--error"));
        input.TagRenderMode = TagRenderMode.SelfClosing;
        input.Attributes["id"] = Id;
        input.Attributes["name"] = Name;
        input.Attributes["type"] = Type;
        input.Attributes["value"] = Value;
        if (Autocomplete is not null)
            input.Attributes["autocomplete"] = Autocomplete;
        if (Inputmode is not null)
            input.Attributes["inputmode"] = Inputmode;
        Describe(input);
        return new HtmlContentBuilder().AppendHtml(LabelElement()).AppendHtml(Descriptions()).AppendHtml(input);
    }
}

/// <summary>A field for longer text.</summary>
[HtmlTargetElement("nhsuk-textarea", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TextareaTagHelper : FormGroupTagHelper
{
    public int Rows { get; set; } = 5;

    protected override IHtmlContent Body()
    {
        var area = Element("textarea", Error is null ? "nhsuk-textarea" : "nhsuk-textarea nhsuk-textarea--error");
        area.Attributes["id"] = Id;
        area.Attributes["name"] = Name;
        area.Attributes["rows"] = Rows.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Describe(area);
        // A browser drops the first line break of a text area: this one is the one to drop.
        area.InnerHtml.AppendHtml("\n");
        area.InnerHtml.Append(Value ?? "");
        return new HtmlContentBuilder().AppendHtml(LabelElement()).AppendHtml(Descriptions()).AppendHtml(area);
    }
}
