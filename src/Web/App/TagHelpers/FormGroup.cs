using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Telemedicine.Web.TagHelpers;

/// <summary>
/// A labelled field in nhsuk-frontend's markup: hint and error message stand before the field and describe it. The field's id is that of
/// <c>asp-for</c>, which the error summary links to.
/// </summary>
public abstract class FormGroupTagHelper : TagHelper
{
    [HtmlAttributeName("asp-for")]
    public required ModelExpression For { get; set; }

    public string Label { get; set; } = "";

    public string? Hint { get; set; }

    /// <summary>s, m, l or xl.</summary>
    public string? LabelSize { get; set; }

    /// <summary>The label is the page's only heading.</summary>
    public bool LabelIsHeading { get; set; }

    [HtmlAttributeNotBound, ViewContext]
    public required ViewContext ViewContext { get; set; }

    protected string Name => ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name);

    protected string Id => TagBuilder.CreateSanitizedId(Name, "_");

    protected string? Error => ErrorAt(Name);

    /// <summary>What was typed, even where it could not be understood.</summary>
    protected string? Value => ValueAt(Name) ?? For.Model?.ToString();

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Error is null ? "nhsuk-form-group" : "nhsuk-form-group nhsuk-form-group--error");
        output.Content.AppendHtml(Body());
    }

    protected abstract IHtmlContent Body();

    protected string? ErrorAt(string name) =>
        ViewContext.ViewData.ModelState.TryGetValue(name, out var entry) && entry.ValidationState == ModelValidationState.Invalid
            ? entry.Errors.FirstOrDefault()?.ErrorMessage
            : null;

    protected string? ValueAt(string name) => ViewContext.ViewData.ModelState.TryGetValue(name, out var entry) ? entry.AttemptedValue : null;

    protected IHtmlContent LabelElement()
    {
        var label = Element("label", LabelSize is null ? "nhsuk-label" : $"nhsuk-label nhsuk-label--{LabelSize}", Label);
        label.Attributes["for"] = Id;
        if (!LabelIsHeading)
            return label;
        var heading = Element("h1", "nhsuk-label-wrapper");
        heading.InnerHtml.AppendHtml(label);
        return heading;
    }

    /// <summary>Hint and error message, as far as there are any.</summary>
    protected IHtmlContent Descriptions()
    {
        var content = new HtmlContentBuilder();
        if (Hint is not null)
        {
            var hint = Element("div", "nhsuk-hint", Hint);
            hint.Attributes["id"] = $"{Id}-hint";
            content.AppendHtml(hint);
        }
        if (Error is { } error)
        {
            var message = Element("span", "nhsuk-error-message");
            message.Attributes["id"] = $"{Id}-error";
            message.InnerHtml.AppendHtml(Element("span", "nhsuk-u-visually-hidden", "Error: "));
            message.InnerHtml.Append(error);
            content.AppendHtml(message);
        }
        return content;
    }

    protected void Describe(TagBuilder field)
    {
        string[] ids = [.. new[] { Hint is null ? null : $"{Id}-hint", Error is null ? null : $"{Id}-error" }.OfType<string>()];
        if (ids.Length > 0)
            field.Attributes["aria-describedby"] = string.Join(' ', ids);
    }

    protected static TagBuilder Element(string tag, string @class, string? text = null)
    {
        var element = new TagBuilder(tag);
        element.Attributes["class"] = @class;
        if (text is not null)
            element.InnerHtml.Append(text);
        return element;
    }
}
