using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>A message of a call (FHIR Communication) whose clinician keeps the conversation: part of the record, and never changed.</summary>
public sealed class KeptMessage : IAudited
{
    /// <summary>Characters.</summary>
    public const int MaxLength = 2000;

    /// <summary>The message's own id, so that the database refuses it a second time.</summary>
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    /// <summary>The value of the Patient's, Practitioner's, RelatedPerson's or Guest's id.</summary>
    public required Guid PersonId { get; init; }

    public required ConsultationRole Role { get; init; }

    [AuditRedacted]
    public required string Text { get; init; }

    public required DateTimeOffset At { get; init; }

    public Guid AuditId => Id;

    /// <summary>Null for a fact in which nobody says anything.</summary>
    internal static KeptMessage? Of(ConsultationFact fact, Appointment appointment) => fact is { Type: ConsultationFactType.Said, PersonId: { } person, Role: { } role, Text: { } text }
        ? new KeptMessage { Id = fact.Id, PracticeId = appointment.PracticeId, AppointmentId = appointment.Id, PersonId = person, Role = role, Text = text, At = fact.At }
        : null;
}

/// <summary>A kept message, to be read. The time carries the practice's offset.</summary>
public sealed record KeptMessageView(string Name, string Text, DateTimeOffset At);

/// <summary>Reads the conversations that were kept.</summary>
public sealed class KeptChat(ClinicalDbContext db)
{
    /// <summary>In order. For the clinician whose appointment it is, the patient, and a carer who joins their consultations; empty for everybody else, and when nothing was kept.</summary>
    public async Task<IReadOnlyList<KeptMessageView>> OfAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var appointment = await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (appointment is null
            || !(actor.AsPractitioner == appointment.PractitionerId || actor.AsPatient == appointment.PatientId || actor.MayAsCarer(CarerRights.JoinConsultations, appointment.PatientId)))
            return [];
        var messages = await db.KeptMessages.AsNoTracking().Where(row => row.AppointmentId == id).OrderBy(row => row.At).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        if (messages.Count == 0)
            return [];
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var names = await db.NamesInCallAsync(appointment, cancellationToken);
        return [.. messages.Select(message => new KeptMessageView(names.GetValueOrDefault(message.PersonId, "Somebody"), message.Text, time.ToLocal(message.At)))];
    }
}

internal static class KeptMessageQueries
{
    /// <summary>The clinician has said that the conversation stays.</summary>
    public static Task<bool> IsChatKeptAsync(this ClinicalDbContext db, AppointmentId consultation, CancellationToken cancellationToken) =>
        db.ReceivedEvents.AnyAsync(row => row.ConsultationId == consultation && row.Type == ConsultationFactType.ChatKept && row.Applied, cancellationToken);

    /// <summary>Everybody who may have been in the call, as they were named in it, by the value of their id.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> NamesInCallAsync(this ClinicalDbContext db, Appointment appointment, CancellationToken cancellationToken)
    {
        var names = new Dictionary<Guid, string>
        {
            [appointment.PatientId.Value] = (await db.Patients.AsNoTracking().SingleAsync(row => row.Id == appointment.PatientId, cancellationToken)).DisplayName,
            [appointment.PractitionerId.Value] = (await db.Practitioners.AsNoTracking().SingleAsync(row => row.Id == appointment.PractitionerId, cancellationToken)).DisplayName,
        };
        foreach (var guest in await db.Guests.AsNoTracking().Where(row => row.AppointmentId == appointment.Id).ToListAsync(cancellationToken))
            names[guest.Id.Value] = $"{guest.Name} ({guest.Role.Word()})";
        foreach (var carer in await db.RelatedPersons.AsNoTracking().Where(row => row.PatientId == appointment.PatientId).ToListAsync(cancellationToken))
            names[carer.Id.Value] = $"{carer.Name} (carer)";
        // Whoever handed the patient over, or was asked to take them.
        var clinicians = from handover in db.Handovers.AsNoTracking()
                         from practitioner in db.Practitioners
                         where handover.AppointmentId == appointment.Id && (practitioner.Id == handover.FromId || practitioner.Id == handover.ToId)
                         select practitioner;
        foreach (var clinician in await clinicians.ToListAsync(cancellationToken))
            names[clinician.Id.Value] = clinician.DisplayName;
        return names;
    }
}

internal sealed class KeptMessageMapping : IEntityTypeConfiguration<KeptMessage>
{
    public void Configure(EntityTypeBuilder<KeptMessage> entity)
    {
        entity.Property(message => message.Id).ValueGeneratedNever();
        entity.Property(message => message.Text).HasMaxLength(KeptMessage.MaxLength);
        entity.HasIndex(message => new { message.AppointmentId, message.At });
        entity.HasOne<Practice>().WithMany().HasForeignKey(message => message.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(message => message.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
