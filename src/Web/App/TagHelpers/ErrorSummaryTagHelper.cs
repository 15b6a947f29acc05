using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Telemedicine.Web.TagHelpers;

/// <summary>
/// What is wrong with the form, at the top of the page, each line a link to its field, in the order in which the page model declares them: that of the page. Nothing when all
/// is well.
/// </summary>
[HtmlTargetElement("nhsuk-error-summary", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ErrorSummaryTagHelper : TagHelper
{
    [HtmlAttributeNotBound, ViewContext]
    public required ViewContext ViewContext { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var page = ViewContext.ViewData.ModelMetadata;
        var errors = ViewContext.ViewData.ModelState
            .SelectMany(entry => entry.Value?.Errors.Take(1).Select(error => (entry.Key, error.ErrorMessage)) ?? [])
            .OrderBy(error => error.Key, Comparer<string>.Create((one, other) => FieldOrder.Compare(page, one, other))).ToList();
        if (errors.Count == 0)
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "nhsuk-error-summary");
        output.Attributes.SetAttribute("data-module", "nhsuk-error-summary");
        output.Content.AppendHtml("""<div role="alert"><h2 class="nhsuk-error-summary__heading">There is a problem</h2><div class="nhsuk-error-summary__body"><ul class="nhsuk-list nhsuk-error-summary__list">""");
        foreach (var (key, message) in errors)
        {
            var item = new TagBuilder("li");
            var link = new TagBuilder("a");
            link.Attributes["href"] = "#" + (key.Length == 0 ? "maincontent" : TagBuilder.CreateSanitizedId(key, "_"));
            link.InnerHtml.Append(message);
            item.InnerHtml.AppendHtml(link);
            output.Content.AppendHtml(item);
        }
        output.Content.AppendHtml("</ul></div></div>");
    }
}
