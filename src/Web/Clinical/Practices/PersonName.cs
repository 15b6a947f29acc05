namespace Telemedicine.Clinical.Practices;

/// <summary>How a person is called on a page: "Dr Amara Okafor".</summary>
public static class PersonName
{
    public static string Of(string? title, string givenName, string familyName) =>
        string.IsNullOrWhiteSpace(title) ? $"{givenName} {familyName}" : $"{title} {givenName} {familyName}";
}
