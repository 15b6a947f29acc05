using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Telemedicine.Web.TagHelpers;

/// <summary>The order of a form's fields. A model state gives them by name, which is no order for people.</summary>
internal static class FieldOrder
{
    /// <summary>Compares two keys of a model state, such as Name and Questions[2].Text: as their properties are declared, those of a base class first, and in a list by number. What is about no field comes first.</summary>
    public static int Compare(ModelMetadata model, string one, string other)
    {
        var (first, second) = (Places(model, one), Places(model, other));
        for (var step = 0; step < first.Count && step < second.Count; step++)
        {
            if (first[step] != second[step])
                return first[step].CompareTo(second[step]);
        }

        return first.Count.CompareTo(second.Count);
    }

    /// <summary>The number of each step on the way to the field.</summary>
    private static List<int> Places(ModelMetadata? model, string key)
    {
        var places = new List<int>();
        foreach (var step in key.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = step.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? step : step[..bracket];
            var property = model?.Properties[name];
            places.Add(property?.ContainerType is { } container ? Declared(container).IndexOf(property.PropertyName ?? name) : int.MaxValue);
            model = property;
            if (bracket < 0)
                continue;
            places.Add(int.TryParse(step[(bracket + 1)..].TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue);
            model = property?.ElementMetadata;
        }

        return places;
    }

    /// <summary>Names as declared, those of a base class first: a form's class stands before the page's own.</summary>
    private static List<string> Declared(Type type) =>
        [.. (type.BaseType is { } parent ? Declared(parent) : []).Concat(type.GetProperties().Where(property => property.DeclaringType == type).OrderBy(property => property.MetadataToken).Select(property => property.Name))];
}
