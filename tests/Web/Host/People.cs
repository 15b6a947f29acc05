namespace Telemedicine.Web.Tests.Host;

/// <summary>Accounts at the provider.</summary>
public static class People
{
    public static readonly Account NoRole = new("sub-no-role", "Nora", "Unassigned", "nora@example.com");
    public static readonly Account NewPatient = new("sub-new-patient", "Ines", "Newcomer", "ines.newcomer@example.com", "patient");
}
