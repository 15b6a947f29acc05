using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Messages;

/// <summary>How a patient wants to be reminded of appointments.</summary>
public enum ReminderWay
{
    EmailAndText,
    Email,
    Text,
    None,
}

/// <summary>What a patient chose. Who has not chosen has no row, and gets <see cref="ReminderWay.EmailAndText"/>.</summary>
public sealed class ReminderChoice : IAudited, IVersioned
{
    public required PatientId PatientId { get; init; }

    public required PracticeId PracticeId { get; init; }

    public ReminderWay Way { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => PatientId.Value;

    public void Choose(ReminderWay way) => Way = way;
}

/// <summary>Reads and writes how a patient wants to be reminded: the patient themself, or practice staff for them.</summary>
public sealed class ReminderChoices(ClinicalDbContext db)
{
    /// <summary>Null if the actor may not act for the patient or there is no such patient.</summary>
    public async Task<ReminderWay?> FindAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (!actor.MayActFor(patient) || !await db.Patients.AnyAsync(row => row.Id == patient, cancellationToken))
            return null;
        return (await db.ReminderChoices.AsNoTracking().SingleOrDefaultAsync(row => row.PatientId == patient, cancellationToken))?.Way ?? ReminderWay.EmailAndText;
    }

    /// <summary>False if the actor may not act for the patient or there is no such patient.</summary>
    public async Task<bool> ChooseAsync(Actor actor, PatientId patient, ReminderWay way, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(patient))
            return false;
        return await db.WriteAsync(actor, "patient.choose-reminders", reason: null, async () =>
        {
            if (!await db.Patients.AnyAsync(row => row.Id == patient, cancellationToken))
                return false;
            var choice = await db.ReminderChoices.SingleOrDefaultAsync(row => row.PatientId == patient, cancellationToken);
            if (choice is null)
                db.ReminderChoices.Add(choice = new ReminderChoice { PatientId = patient, PracticeId = actor.Practice });
            choice.Choose(way);
            return true;
        }, cancellationToken);
    }
}

internal sealed class ReminderChoiceMapping : IEntityTypeConfiguration<ReminderChoice>
{
    public void Configure(EntityTypeBuilder<ReminderChoice> entity)
    {
        entity.HasKey(choice => choice.PatientId);
        entity.HasOne<Practice>().WithMany().HasForeignKey(choice => choice.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithOne().HasForeignKey<ReminderChoice>(choice => choice.PatientId).OnDelete(DeleteBehavior.Restrict);
    }
}
