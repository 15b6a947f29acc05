using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemedicine.Clinical.Demonstration;

/// <summary>The made-up practice and people of infra/demonstration/people.json.</summary>
internal sealed record DemonstrationPeople(DemonstrationPractice Practice, IReadOnlyList<DemonstrationPerson> People)
{
    /// <exception cref="InvalidDataException">The file is not of that shape; the message says so.</exception>
    public static async Task<DemonstrationPeople> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        try
        {
            return await JsonSerializer.DeserializeAsync(file, DemonstrationJson.Default.DemonstrationPeople, cancellationToken)
                ?? throw new InvalidDataException("The file of demonstration people is empty.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The file of demonstration people cannot be read: {error.Message}", error);
        }
    }
}

internal sealed record DemonstrationPractice(string Name, string TimeZone, string? Phone);

/// <param name="CarerOf">The subject of the patient for whom they act; they are no patient here themselves.</param>
internal sealed record DemonstrationPerson(
    string Subject,
    string Role,
    string GivenName,
    string FamilyName,
    string? Title,
    string? Profession,
    string? Email,
    DateOnly? DateOfBirth,
    string? NhsNumber,
    string? Phone,
    string? CarerOf);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(DemonstrationPeople))]
internal sealed partial class DemonstrationJson : JsonSerializerContext;
