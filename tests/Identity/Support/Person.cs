using Telemedicine.Identity.Demonstration;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>Demonstration people by role.</summary>
public static class Person
{
    public static DemonstrationPerson Patient(int index = 0) => InRole("patient", index);

    public static DemonstrationPerson Clinician(int index = 0) => InRole("clinician", index);

    private static DemonstrationPerson InRole(string role, int index) =>
        IdentityHost.People.People.Where(person => person.Role == role).ElementAt(index);
}
