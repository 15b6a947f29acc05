using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Telemedicine.Web.TagHelpers;

/// <summary>A day as it is typed: three fields, as given.</summary>
public sealed class TypedDate
{
    public string? Day { get; set; }

    public string? Month { get; set; }

    public string? Year { get; set; }

    public bool IsEmpty => string.IsNullOrWhiteSpace(Day) && string.IsNullOrWhiteSpace(Month) && string.IsNullOrWhiteSpace(Year);

    /// <summary>Null when it is not a day of the calendar. The year has four digits.</summary>
    public DateOnly? Date =>
        Number(Year) is { } year and >= 1000 and <= 9999 && Number(Month) is { } month and >= 1 and <= 12
        && Number(Day) is { } day and >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;

    private static int? Number(string? text) => int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary>Day, month and year of a <see cref="TypedDate"/>. The error summary links to the first of them.</summary>
[HtmlTargetElement("nhsuk-date-input", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DateInputTagHelper : FormGroupTagHelper
{
    /// <summary>The fields' autocomplete tokens are those of a birthday.</summary>
    public bool IsBirthday { get; set; }

    protected override IHtmlContent Body()
    {
        var fieldset = Element("fieldset", "nhsuk-fieldset");
        fieldset.Attributes["role"] = "group";
        Describe(fieldset);
        fieldset.InnerHtml.AppendHtml(Element("legend", $"nhsuk-fieldset__legend nhsuk-fieldset__legend--{LabelSize ?? "s"}", Label));
        fieldset.InnerHtml.AppendHtml(Descriptions());
        var fields = Element("div", "nhsuk-date-input");
        var typed = For.Model as TypedDate;
        fields.InnerHtml.AppendHtml(Part(nameof(TypedDate.Day), typed?.Day, 2, "bday-day"));
        fields.InnerHtml.AppendHtml(Part(nameof(TypedDate.Month), typed?.Month, 2, "bday-month"));
        fields.InnerHtml.AppendHtml(Part(nameof(TypedDate.Year), typed?.Year, 4, "bday-year"));
        fieldset.InnerHtml.AppendHtml(fields);
        return fieldset;
    }

    private TagBuilder Part(string part, string? value, int width, string autocomplete)
    {
        // The first field has the id of the whole, so that a link to the date leads to a place to type in.
        var id = part == nameof(TypedDate.Day) ? Id : $"{Id}_{part}";
        var label = Element("label", "nhsuk-label nhsuk-date-input__label", part);
        label.Attributes["for"] = id;
        var input = Element("input", $"nhsuk-input nhsuk-input--width-{width} nhsuk-date-input__input" + (Error is null ? "" : " nhsuk-input--error"));
        input.TagRenderMode = TagRenderMode.SelfClosing;
        input.Attributes["id"] = id;
        input.Attributes["name"] = $"{Name}.{part}";
        input.Attributes["type"] = "text";
        input.Attributes["inputmode"] = "numeric";
        input.Attributes["value"] = ValueAt($"{Name}.{part}") ?? value;
        if (IsBirthday)
            input.Attributes["autocomplete"] = autocomplete;
        var group = Element("div", "nhsuk-form-group");
        group.InnerHtml.AppendHtml(label).AppendHtml(input);
        var item = Element("div", "nhsuk-date-input__item");
        item.InnerHtml.AppendHtml(group);
        return item;
    }
}
