namespace Telemedicine.Web.Tests.Host;

/// <summary>
/// Accounts at the provider. <see cref="Seed"/> has the records of those whom a practice knows. Those who work there have other addresses than the
/// people of the demonstration, whom some tests add.
/// </summary>
public static class People
{
    public static readonly Account Margaret = new("sub-margaret", "Margaret", "Hughes", "margaret.hughes@example.com", "patient");
    public static readonly Account Mohammed = new("sub-mohammed", "Mohammed", "Iqbal", "mohammed.iqbal@example.com", "patient");
    public static readonly Account Amara = new("sub-amara", "Amara", "Okafor", "amara.okafor@riverside.example", "clinician");
    public static readonly Account Tomasz = new("sub-tomasz", "Tomasz", "Nowak", "tomasz.nowak@riverside.example", "clinician");
    public static readonly Account Helen = new("sub-helen", "Helen", "Brooks", "helen.brooks@riverside.example", "staff");
    public static readonly Account Ruth = new("sub-ruth", "Ruth", "Fielding", "ruth.fielding@riverside.example", "administrator");

    /// <summary>Of another practice.</summary>
    public static readonly Account Rowan = new("sub-rowan", "Rowan", "Ash", "rowan.ash@example.com", "clinician");

    /// <summary>Of another practice.</summary>
    public static readonly Account Imran = new("sub-imran", "Imran", "Sayed", "imran.sayed@example.com", "staff");

    /// <summary>Of another practice.</summary>
    public static readonly Account Wilma = new("sub-wilma", "Wilma", "Stone", "wilma.stone@example.com", "patient");

    /// <summary>Of no practice, and asked by Margaret to help.</summary>
    public static readonly Account Grace = new("sub-grace", "Grace", "Hughes", "grace.hughes@example.com", "patient");

    public static readonly Account NoRole = new("sub-no-role", "Nora", "Unassigned", "nora@example.com");

    /// <summary>Whom no practice knows yet.</summary>
    public static readonly Account NewPatient = new("sub-new-patient", "Ines", "Newcomer", "ines.newcomer@example.com", "patient");

    /// <summary>The provider calls them a clinician, the practice does not know them.</summary>
    public static readonly Account UnknownClinician = new("sub-unknown-clinician", "Ulf", "Unknown", "ulf@example.com", "clinician");
}
