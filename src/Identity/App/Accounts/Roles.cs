using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Accounts;

/// <summary>What a person is to the practice: the values of the "role" claim.</summary>
public static class Roles
{
    public const string Patient = "patient";
    public const string Clinician = "clinician";
    public const string Staff = "staff";
    public const string Administrator = "administrator";

    public static IReadOnlyList<string> All { get; } = [Patient, Clinician, Staff, Administrator];
}

internal sealed class RoleMapping : IEntityTypeConfiguration<IdentityRole<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityRole<Guid>> builder)
    {
        builder.ToTable("Roles");
        builder.HasData(
            Role("0f5d8a52-3f0e-4a0c-9a55-6d8c2a6f1b01", Roles.Patient),
            Role("0f5d8a52-3f0e-4a0c-9a55-6d8c2a6f1b02", Roles.Clinician),
            Role("0f5d8a52-3f0e-4a0c-9a55-6d8c2a6f1b03", Roles.Staff),
            Role("0f5d8a52-3f0e-4a0c-9a55-6d8c2a6f1b04", Roles.Administrator));
    }

    private static IdentityRole<Guid> Role(string id, string name) => new(name)
    {
        Id = Guid.Parse(id),
        NormalizedName = name.ToUpperInvariant(),
        ConcurrencyStamp = id,
    };
}
