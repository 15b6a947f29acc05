using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>
/// Takes in what the real-time service says happened. Facts may repeat and come out of order: each is stored once, and the state follows
/// from all of them together (<see cref="ConsultationTimeline"/>).
/// </summary>
/// <remarks>
/// waiting: appointment arrived, encounter arrived. admitted: appointment checked-in, encounter in progress from then. The patient gone before
/// being admitted: appointment booked again ("left again"), encounter stays arrived. connected, disconnected: the participants' periods; a
/// dropped connection stays in progress. chatKept, said: the conversation is kept beside the encounter, and nothing else changes. stepped to the telephone: the encounter goes on by telephone. Troubles change no state: the rescue desk and the evidence read them. ended: closes the periods and fixes the end; only the clinician's finish, with a note, closes the encounter.
/// </remarks>
public sealed partial class ConsultationEvents(ClinicalDbContext db, TimeProvider clock, ILogger<ConsultationEvents> logger)
{
    /// <summary>Takes in facts in the order given, each in its own transaction. Answers the clinics whose boards have changed.</summary>
    public async Task<IReadOnlyList<ScheduleId>> ApplyAsync(IReadOnlyList<ConsultationFact> facts, CancellationToken cancellationToken)
    {
        var changed = new HashSet<ScheduleId>();
        foreach (var fact in facts)
        {
            if (await ApplyAsync(fact, cancellationToken))
                changed.Add(fact.Clinic);
        }

        return [.. changed];
    }

    private async Task<bool> ApplyAsync(ConsultationFact fact, CancellationToken cancellationToken)
    {
        var practice = await db.Appointments.IgnoreQueryFilters(PracticeFilter.Only).Where(row => row.Id == fact.Consultation)
            .Select(row => row.PracticeId).FirstOrDefaultAsync(cancellationToken);
        try
        {
            return await db.WriteAsync(Actor.System(practice), $"signalling.{fact.Type}".ToLowerInvariant(), reason: null, async () =>
            {
                if (await db.ReceivedEvents.AnyAsync(row => row.Id == fact.Id, cancellationToken))
                    return false;
                var now = clock.GetUtcNow();
                var appointment = await db.Appointments.SingleOrDefaultAsync(row => row.Id == fact.Consultation, cancellationToken);
                var fits = appointment is not null && await FitsAsync(fact, appointment, cancellationToken);
                db.ReceivedEvents.Add(Received(fact, now, fits));
                if (appointment is null || !fits)
                {
                    LogUnknown(fact.Type, fact.Id);
                    return false;
                }

                if (fact.Type is ConsultationFactType.ChatKept or ConsultationFactType.Said)
                {
                    if (KeptMessage.Of(fact, appointment) is { } message)
                        db.KeptMessages.Add(message);
                    return false;
                }

                // Saved now, so that the timeline below reads it with the others.
                await db.SaveChangesAsync(cancellationToken);
                await MoveAsync(appointment, now, cancellationToken);
                return true;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            // The same fact twice at the same time: the other one took it in.
            return false;
        }
    }

    private async Task MoveAsync(Appointment appointment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var timeline = await db.TimelineAsync(appointment.Id, cancellationToken);
        var encounter = await db.LiveEncounterAsync(appointment.Id, cancellationToken);
        var open = appointment.Status is AppointmentStatus.Booked or AppointmentStatus.Arrived or AppointmentStatus.CheckedIn;
        if (open && encounter is null)
            db.Encounters.Add(encounter = Encounter.Plan(appointment, now));
        if (encounter is null)
            return;

        if (timeline.ArrivedAt is { } arrivedAt && open && encounter.Status == EncounterStatus.Planned)
            encounter.Arrive(arrivedAt);
        if ((timeline.AdmittedAt ?? timeline.WaitingSince) is { } hereSince && appointment.Status == AppointmentStatus.Booked)
            appointment.Arrive(hereSince);
        if (timeline.AdmittedAt is { } admittedAt && appointment.Status == AppointmentStatus.Arrived)
        {
            appointment.CheckIn();
            encounter.Admit(admittedAt);
        }

        if (timeline.LeftWaitingAt > appointment.ArrivedAt && appointment.Status == AppointmentStatus.Arrived)
            appointment.LeaveAgain();
        encounter.Show(timeline);
    }

    /// <summary>It must name the appointment's own clinic and, if anyone, one of its people in their own part.</summary>
    private async Task<bool> FitsAsync(ConsultationFact fact, Appointment appointment, CancellationToken cancellationToken) =>
        fact.Clinic == appointment.ScheduleId
        && (fact.Type != ConsultationFactType.Said || (fact.Text is { Length: > 0 and <= KeptMessage.MaxLength } && await db.IsChatKeptAsync(appointment.Id, cancellationToken)))
        && (fact.Type != ConsultationFactType.ChatKept || fact.Role == ConsultationRole.Clinician)
        && (fact.PersonId, fact.Role) switch
        {
            (null, null) => fact.Type is ConsultationFactType.Ended or ConsultationFactType.Admitted || OfRoom.Contains(fact.Type),
            (_, null) or (null, _) => false,
            _ when OfRoom.Contains(fact.Type) => false,
            ({ } person, ConsultationRole.Patient) => person == appointment.PatientId.Value && fact.Type is not (ConsultationFactType.Admitted or ConsultationFactType.LetIn),
            ({ } person, ConsultationRole.Carer) => fact.Type is not (ConsultationFactType.Admitted or ConsultationFactType.LetIn) && await db.IsCarerAsync(person, appointment.PatientId, cancellationToken),
            ({ } person, ConsultationRole.Guest) => fact.Type is not (ConsultationFactType.Waiting or ConsultationFactType.Admitted or ConsultationFactType.Ended) && await db.IsGuestAsync(person, appointment.Id, cancellationToken),
            ({ } person, ConsultationRole.Clinician) => (person == appointment.PractitionerId.Value || await db.HadPartAsync(person, appointment.Id, cancellationToken)) && fact.Type
                is not (ConsultationFactType.Waiting or ConsultationFactType.LetIn or ConsultationFactType.Held or ConsultationFactType.Resumed
                    or ConsultationFactType.Removed or ConsultationFactType.Readmitted or ConsultationFactType.HuddleBegan),
            _ => false,
        };

    /// <summary>Decisions of the whole room: they name nobody.</summary>
    private static readonly ConsultationFactType[] OfRoom = [ConsultationFactType.Locked, ConsultationFactType.Unlocked, ConsultationFactType.HuddleEnded];

    private static ReceivedEvent Received(ConsultationFact fact, DateTimeOffset now, bool applied) => new()
    {
        Id = fact.Id,
        Type = fact.Type,
        ClinicId = fact.Clinic,
        ConsultationId = fact.Consultation,
        PersonId = fact.PersonId,
        Role = fact.Role,
        At = fact.At,
        Trouble = fact.Trouble,
        Step = fact.Step,
        Direction = fact.Direction,
        ReceivedAt = now,
        Applied = applied,
    };
}

internal static class ReceivedEventQueries
{
    public static async Task<ConsultationTimeline> TimelineAsync(this ClinicalDbContext db, AppointmentId consultation, CancellationToken cancellationToken) =>
        ConsultationTimeline.Of(await db.ReceivedEvents.AsNoTracking().Where(row => row.ConsultationId == consultation && row.Applied).ToListAsync(cancellationToken));
}
