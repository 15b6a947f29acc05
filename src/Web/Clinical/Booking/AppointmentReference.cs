using System.Security.Cryptography;

namespace Telemedicine.Clinical.Booking;

/// <summary>A reference to read out over the telephone: eight characters in two groups, such as "K7DM-4XQP".</summary>
public static class AppointmentReference
{
    /// <summary>No vowels, so that no words come up; nothing that looks or sounds like another: no 0, 1, 5, 8, B, I, L, N, O, S, U, V, Z.</summary>
    public const string Alphabet = "234679CDFGHJKMPQRTWXY";

    /// <summary>21^8, about 4 × 10¹⁰: unguessable in practice, though it opens nothing by itself.</summary>
    public static string New()
    {
        var characters = RandomNumberGenerator.GetString(Alphabet, 8);
        return $"{characters[..4]}-{characters[4..]}";
    }
}
