using Telemedicine.Clinical.Guests;

namespace Telemedicine.Web.Pages.Guests;

internal static class GuestWording
{
    /// <summary>As whoever invites chooses it.</summary>
    public static string Label(this GuestRole role) => role switch
    {
        GuestRole.Patient => "The patient, by a link without an account",
        GuestRole.Family => "Family, friend or carer",
        GuestRole.Interpreter => "Interpreter",
        GuestRole.Student => "Student",
        _ => "Colleague",
    };
}
