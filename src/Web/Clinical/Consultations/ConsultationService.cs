using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Consultations;

/// <summary>Who may enter which consultation, and what their ticket says. Asking again, as a dropped connection does, gives the same answer.</summary>
public sealed class ConsultationService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>A patient, a carer who may, or a guest opens the consultation. The patient is marked as arrived, unless a guest comes who is somebody else.</summary>
    public async Task<JoinOutcome> JoinAsync(Actor patient, AppointmentId id, CancellationToken cancellationToken)
    {
        var self = patient.OwnPatient;
        if (patient.AsGuest is null && !(self is { } own && (patient.AsPatient == own || patient.MayAsCarer(CarerRights.JoinConsultations, own))))
            throw new NotAllowedException("Only a patient, a carer who was granted it, or a guest joins on the patient's side.");
        var time = await db.TimeOfAsync(patient, cancellationToken);
        return await db.WriteAsync<JoinOutcome>(patient, "consultation.join", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            var guest = patient.AsGuest is { } invited ? await db.Guests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == invited && row.AppointmentId == id && row.RevokedAt == null, cancellationToken) : null;
            self = guest?.PatientId ?? self;
            var appointment = await db.Appointments.SingleOrDefaultAsync(row => row.Id == id && row.PatientId == self, cancellationToken);
            if (appointment is null)
                return new JoinOutcome.NotFound();
            if (appointment.Room is not { } room)
                return new JoinOutcome.NotVideo();
            var window = JoinWindow.Of(appointment);
            if (!window.Lets(appointment.Status, now))
                return appointment.Status switch
                {
                    AppointmentStatus.Fulfilled => new JoinOutcome.Finished(),
                    AppointmentStatus.NoShow => new JoinOutcome.DidNotAttend(),
                    AppointmentStatus.Booked or AppointmentStatus.Arrived when now < window.OpensAt => new JoinOutcome.TooEarly(time.ToLocal(window.OpensAt)),
                    AppointmentStatus.Booked or AppointmentStatus.Arrived => new JoinOutcome.TooLate(time.ToLocal(window.ClosesAt)),
                    _ => new JoinOutcome.Cancelled(),
                };

            // A patient who comes by a link is the patient.
            var person = guest is { Role: not GuestRole.Patient } ? guest.Id.Value : guest?.PatientId.Value ?? patient.PersonId;
            var decided = await db.RoomAsync(id, cancellationToken);
            if (decided.Removed.ContainsKey(person))
                return new JoinOutcome.Removed();
            if (decided.Locked && !decided.Met.Contains(person))
                return new JoinOutcome.Locked();
            var admitted = appointment.Status == AppointmentStatus.CheckedIn;
            var chatKept = await db.IsChatKeptAsync(id, cancellationToken);
            var telephone = admitted && await db.Encounters.Live().AnyAsync(row => row.AppointmentId == id && row.SwitchedTo == DeliveryChannel.Telephone, cancellationToken);
            if (guest is { Role: not GuestRole.Patient })
            {
                db.Audit(nameof(Appointment), id.Value, after: null);
                return new JoinOutcome.Ok(
                    new TicketFacts(person, $"{guest.Name} ({guest.Role.Word()})", ConsultationRole.Guest, room.Clinic, room.Consultation, admitted && decided.LetIn.Contains(person), chatKept, telephone) { Room = decided.For(person) },
                    FirstTime: false);
            }
            var firstTime = appointment.Status == AppointmentStatus.Booked;
            if (firstTime)
                await ArriveAsync(appointment, now, cancellationToken);
            var (name, role) = await OnPatientsSideAsync(patient, appointment.PatientId, id, cancellationToken);
            return new JoinOutcome.Ok(new TicketFacts(person, name, role, room.Clinic, room.Consultation, admitted, chatKept, telephone) { Room = decided.For(person) }, firstTime);
        }, cancellationToken);
    }

    /// <summary>A clinician opens a consultation of their own, before, during or after it, or one that they have agreed to take over.</summary>
    public async Task<OpenOutcome> OpenAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken)
    {
        if (clinician.AsPractitioner is not { } self)
            throw new NotAllowedException("Only a clinician opens a consultation.");
        db.ActFor(clinician);
        var time = await db.TimeOfAsync(clinician, cancellationToken);
        var row = await (
            from appointment in db.Appointments.AsNoTracking()
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join service in db.Services on appointment.ServiceId equals service.Id
            from practitioner in db.Practitioners.Where(own => own.Id == self)
            where appointment.Id == id
                && (appointment.PractitionerId == self || db.Handovers.Any(handover => handover.AppointmentId == id && handover.ToId == self && handover.Status == HandoverStatus.Accepted))
            select new { appointment, patient, practitioner, service.Name }).SingleOrDefaultAsync(cancellationToken);
        if (row is null || row.appointment.Status == AppointmentStatus.EnteredInError)
            return new OpenOutcome.NotFound();
        if (row.appointment.Status == AppointmentStatus.Cancelled)
            return new OpenOutcome.Cancelled();

        var encounter = await db.Encounters.Live().AsNoTracking().SingleOrDefaultAsync(found => found.AppointmentId == id, cancellationToken);
        var note = encounter is null ? null : await db.EncounterNotes.AsNoTracking().SingleOrDefaultAsync(found => found.EncounterId == encounter.Id, cancellationToken);
        var arrivals = await db.ArrivalsOfAsync(row.appointment, time, cancellationToken);
        var status = row.appointment.Status;
        var joinable = status is AppointmentStatus.Booked or AppointmentStatus.Arrived or AppointmentStatus.CheckedIn;
        var ticket = joinable && row.appointment.Room is { } room
            ? new TicketFacts(self.Value, row.practitioner.DisplayName, ConsultationRole.Clinician, room.Clinic, room.Consultation, Admitted: status == AppointmentStatus.CheckedIn, await db.IsChatKeptAsync(id, cancellationToken), encounter?.SwitchedTo == DeliveryChannel.Telephone)
            {
                Room = await RoomForClinicianAsync(row.appointment, cancellationToken),
            }
            : null;
        return new OpenOutcome.Ok(ticket, new ConsultationView(
            id,
            row.appointment.ScheduleId,
            row.patient.Id,
            row.patient.DisplayName,
            row.patient.DateOfBirth,
            row.Name,
            time.ToLocal(row.appointment.Start),
            time.ToLocal(row.appointment.End),
            BoardStatuses.Of(status, encounter?.WaitingSince is not null),
            row.appointment.ReasonForVisit,
            note?.Text ?? string.Empty,
            note?.Version ?? 0,
            time.ToLocal(note?.SavedAt),
            time.ToLocal(note?.SignedAt),
            await db.AnswersOfAsync(id, cancellationToken),
            arrivals,
            arrivals.FirstOrDefault(arrival => arrival.CallBack is not null)?.CallBack ?? row.patient.Phone)
        {
            Problem = note?.Problem,
            Outcome = note?.Outcome,
            IsResponsible = row.appointment.PractitionerId == self,
        });
    }

    /// <summary>A ticket to watch a clinic's board: a clinician their own, staff any of the practice. Null if the actor may not.</summary>
    public async Task<TicketFacts?> WatchAsync(Actor actor, ScheduleId clinic, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var schedule = await db.Schedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == clinic, cancellationToken);
        if (schedule is null)
            return null;
        if (actor.AsPractitioner is { } self && schedule.PractitionerId == self)
        {
            var practitioner = await db.Practitioners.AsNoTracking().SingleAsync(row => row.Id == self, cancellationToken);
            return new TicketFacts(actor.PersonId, practitioner.DisplayName, ConsultationRole.Clinician, clinic, null, Admitted: false);
        }

        if (!actor.IsStaff)
            return null;
        var member = await db.StaffMembers.AsNoTracking().SingleAsync(row => row.Id == new StaffMemberId(actor.PersonId), cancellationToken);
        var role = actor.Role == ActorRole.Administrator ? ConsultationRole.Administrator : ConsultationRole.Staff;
        return new TicketFacts(actor.PersonId, member.DisplayName, role, clinic, null, Admitted: false);
    }

    /// <summary>What the patient, or a carer who may, reads afterwards; null if it is not theirs.</summary>
    public async Task<ConsultationResult?> ResultAsync(Actor patient, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(patient);
        var self = patient.AsPatient;
        if (patient.ActsFor is { } granted && (patient.MayAsCarer(CarerRights.SeeAppointments, granted) || patient.MayAsCarer(CarerRights.JoinConsultations, granted)))
            self = granted;
        var time = await db.TimeOfAsync(patient, cancellationToken);
        var row = await (
            from appointment in db.Appointments.AsNoTracking()
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            join service in db.Services on appointment.ServiceId equals service.Id
            join practice in db.Practices on appointment.PracticeId equals practice.Id
            where appointment.Id == id && appointment.PatientId == self
            select new { appointment, practitioner, practice, service.Name }).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            return null;
        var encounter = await db.Encounters.Live().AsNoTracking().SingleOrDefaultAsync(found => found.AppointmentId == id, cancellationToken);
        var window = JoinWindow.Of(row.appointment);
        return new ConsultationResult(
            id,
            row.appointment.Reference,
            BoardStatuses.Of(row.appointment.Status, encounter?.WaitingSince is not null),
            row.Name,
            row.practitioner.DisplayName,
            row.practice.Name,
            row.practice.Phone,
            time.ToLocal(row.appointment.Start),
            time.ToLocal(encounter?.Start),
            time.ToLocal(encounter?.End),
            patient.Role == ActorRole.Carer ? null : row.appointment.CancellationReason)
        {
            CanRejoin = row.appointment.Room is not null && window.Lets(row.appointment.Status, clock.GetUtcNow()),
            RejoinUntil = row.appointment.Status == AppointmentStatus.CheckedIn ? null : time.ToLocal(window.ClosesAt),
        };
    }

    private async Task<TicketRoom?> RoomForClinicianAsync(Appointment appointment, CancellationToken cancellationToken)
    {
        var decided = await db.RoomAsync(appointment.Id, cancellationToken);
        return decided.ForClinician(decided.Removed.Count == 0 ? new Dictionary<Guid, string>() : await db.NamesInCallAsync(appointment, cancellationToken));
    }

    /// <summary>What the others in the call see. That a carer was there stands in the audit, also when the patient had arrived before.</summary>
    private async Task<(string Name, ConsultationRole Role)> OnPatientsSideAsync(Actor actor, PatientId patient, AppointmentId appointment, CancellationToken cancellationToken)
    {
        if (actor.AsCarer is not { } id)
            return ((await db.Patients.AsNoTracking().SingleAsync(row => row.Id == patient, cancellationToken)).DisplayName, ConsultationRole.Patient);
        db.Audit(nameof(Appointment), appointment.Value, after: null);
        return ($"{(await db.RelatedPersons.AsNoTracking().SingleAsync(row => row.Id == id, cancellationToken)).Name} (carer)", ConsultationRole.Carer);
    }

    private async Task ArriveAsync(Appointment appointment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        appointment.Arrive(now);
        var encounter = await db.LiveEncounterAsync(appointment.Id, cancellationToken);
        if (encounter is null)
            db.Encounters.Add(encounter = Encounter.Plan(appointment, now));
        if (encounter.Status == EncounterStatus.Planned)
            encounter.Arrive(now);
    }
}
