using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemedicine.Identity.Demonstration;

/// <summary>The made-up people of infra/demonstration/people.json, as far as signing in concerns them.</summary>
/// <param name="Password">One password for all; public.</param>
public sealed record DemonstrationPeople(string Password, IReadOnlyList<DemonstrationPerson> People)
{
    /// <exception cref="JsonException">The file is not of this shape.</exception>
    public static DemonstrationPeople Load(string file)
    {
        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize(stream, DemonstrationJson.Default.DemonstrationPeople)
            ?? throw new JsonException("The demonstration people file is empty.");
    }
}

/// <param name="Subject">The account's id, and so the "sub" that applications know the person by.</param>
/// <param name="Role">One of <see cref="Accounts.Roles"/>.</param>
public sealed record DemonstrationPerson(Guid Subject, string Role, string GivenName, string FamilyName, string Email);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DemonstrationPeople))]
internal sealed partial class DemonstrationJson : JsonSerializerContext;
