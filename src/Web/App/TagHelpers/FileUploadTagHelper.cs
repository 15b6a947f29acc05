using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Telemedicine.Web.TagHelpers;

/// <summary>A field for one file. Its form needs <c>enctype="multipart/form-data"</c>.</summary>
[HtmlTargetElement("nhsuk-file-upload", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FileUploadTagHelper : FormGroupTagHelper
{
    /// <summary>The content types that the browser offers first.</summary>
    public required string Accept { get; set; }

    protected override IHtmlContent Body()
    {
        var input = Element("input", "nhsuk-file-upload__input");
        input.TagRenderMode = TagRenderMode.SelfClosing;
        input.Attributes["id"] = Id;
        input.Attributes["name"] = Name;
        input.Attributes["type"] = "file";
        input.Attributes["accept"] = Accept;
        Describe(input);
        return new HtmlContentBuilder().AppendHtml(LabelElement()).AppendHtml(Descriptions()).AppendHtml(input);
    }
}
