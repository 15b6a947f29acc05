using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <param name="ReasonForVisit">What the patient wants help with; empty counts as none.</param>
public sealed record BookingRequest(SlotId Slot, PatientId Patient, DeliveryChannel Channel, string? ReasonForVisit = null);

/// <summary>Holds, sells and takes back slots. A patient acts for themself, practice staff for any patient of the practice.</summary>
public sealed class BookingService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Keeps a slot for a patient for <see cref="Slot.HoldTime"/> and lets go of any other they hold.</summary>
    public async Task<HoldOutcome> HoldAsync(Actor actor, SlotId id, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(patient))
            return new HoldOutcome.NotFound();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        return await db.WriteAsync<HoldOutcome>(actor, "slot.hold", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (!await LockAsync(patient) || await FindAsync(id, cancellationToken) is not { } slot)
                return new HoldOutcome.NotFound();
            if (slot.Start < now)
                return new HoldOutcome.InThePast();
            if (!slot.ServiceIsActive)
                return new HoldOutcome.ServiceInactive();
            if (slot.Status == SlotStatus.BusyTentative && slot.HeldFor == patient && slot.HeldUntil is { } until && until > now)
                return new HoldOutcome.Held(time.ToLocal(until));
            if (!await db.Slots.HoldAsync(id, patient, now))
                return new HoldOutcome.Taken();
            await db.Slots.ReleaseHoldsAsync(patient, except: id);
            db.Audit(nameof(Slot), id.Value, $$"""{"HeldFor":"{{patient}}"}""");
            return new HoldOutcome.Held(time.ToLocal(now + Slot.HoldTime));
        }, cancellationToken);
    }

    /// <summary>Gives back whatever this patient holds.</summary>
    public async Task ReleaseHoldsAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(patient))
            return;
        await db.WriteAsync(actor, "slot.release", reason: null, async () =>
        {
            if (await db.Slots.ReleaseHoldsAsync(patient, except: null) > 0)
                db.Audit(nameof(Patient), patient.Value, """{"Holds":"released"}""");
            return true;
        }, cancellationToken);
    }

    public async Task<BookOutcome> BookAsync(Actor actor, BookingRequest request, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(request.Patient))
            return new BookOutcome.NotFound();
        if (request.ReasonForVisit?.Trim().Length > Appointment.ReasonLength)
            return new BookOutcome.ReasonTooLong();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        try
        {
            return await db.WriteAsync(actor, "appointment.book", reason: null, () => BookAsync(request, time, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new BookOutcome.Taken();
        }
    }

    /// <summary>Frees the slot. A patient may until the start, staff as long as it has not been held or missed.</summary>
    public async Task<CancelOutcome> CancelAsync(Actor actor, AppointmentId id, string reason, CancellationToken cancellationToken)
    {
        var why = reason.Trim();
        if (why.Length is 0 or > Appointment.ReasonLength)
            return new CancelOutcome.ReasonMissing();
        return await db.WriteAsync<CancelOutcome>(actor, "appointment.cancel", why, async () =>
        {
            var now = clock.GetUtcNow();
            var appointment = await db.Appointments.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (appointment is null || !actor.MayActFor(appointment.PatientId))
                return new CancelOutcome.NotFound();
            switch (appointment.Status)
            {
                case AppointmentStatus.Cancelled:
                    return new CancelOutcome.AlreadyCancelled();
                case AppointmentStatus.CheckedIn:
                    return new CancelOutcome.InCall();
            }

            if (!appointment.MayBeCancelledBy(actor, now))
                return new CancelOutcome.TooLate();
            appointment.Cancel(why, now);
            var encounter = await db.LiveEncounterAsync(id, cancellationToken);
            encounter?.Cancel(now);
            await db.Slots.ReturnAsync(appointment.SlotId);
            db.Notify(appointment, MessageKind.Cancelled, now, new MessageDetails { Reason = actor.IsStaff ? why : null });
            return new CancelOutcome.Cancelled(appointment.ScheduleId, appointment.Room);
        }, cancellationToken);
    }

    private async Task<BookOutcome> BookAsync(BookingRequest request, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!await LockAsync(request.Patient) || await FindAsync(request.Slot, cancellationToken) is not { } slot)
            return new BookOutcome.NotFound();

        var live = Live(db.Appointments.AsNoTracking());
        var sold = await live.Where(row => row.SlotId == slot.Id).SingleOrDefaultAsync(cancellationToken);
        if (sold is not null)
            return sold.PatientId == request.Patient ? new BookOutcome.Booked(sold.Id, sold.Reference, sold.ScheduleId) : new BookOutcome.Taken();
        if (slot.Start < now)
            return new BookOutcome.InThePast();
        if (!slot.ServiceIsActive)
            return new BookOutcome.ServiceInactive();
        if (!slot.Channels.Contains(request.Channel))
            return new BookOutcome.ChannelNotOffered();
        var other = await live.Where(row => row.PatientId == request.Patient && row.Start < slot.End && row.End > slot.Start)
            .OrderBy(row => row.Start).FirstOrDefaultAsync(cancellationToken);
        if (other is not null)
            return new BookOutcome.Overlaps(other.Id, time.ToLocal(other.Start));
        if (!await db.Slots.SellAsync(slot.Id, request.Patient, now))
            return new BookOutcome.Taken();

        await db.Slots.ReleaseHoldsAsync(request.Patient, except: null);
        var reason = string.IsNullOrWhiteSpace(request.ReasonForVisit) ? null : request.ReasonForVisit.Trim();
        var appointment = Appointment.Book(slot.Row, request.Patient, request.Channel, await NewReferenceAsync(cancellationToken), reason, now);
        db.Appointments.Add(appointment);
        db.Notify(appointment, MessageKind.Booked, now);
        return new BookOutcome.Booked(appointment.Id, appointment.Reference, appointment.ScheduleId);
    }

    /// <summary>Appointments that keep their slot and the patient's time.</summary>
    private static IQueryable<Appointment> Live(IQueryable<Appointment> appointments) =>
        appointments.Where(row => row.Status != AppointmentStatus.Cancelled && row.Status != AppointmentStatus.EnteredInError);

    /// <summary>
    /// The patient's row is written first, so that two bookings for one patient come one after the other on every provider, and the second
    /// sees what the first booked. False if there is no such patient at this practice.
    /// </summary>
    private async Task<bool> LockAsync(PatientId patient) =>
        await db.Patients.Where(row => row.Id == patient)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, row => row.Version + 1)) == 1;

    private async Task<SlotForBooking?> FindAsync(SlotId id, CancellationToken cancellationToken) =>
        await (from slot in db.Slots.AsNoTracking()
               join service in db.Services on slot.ServiceId equals service.Id
               where slot.Id == id
               select new SlotForBooking(slot, service.IsActive, service.Channels)).SingleOrDefaultAsync(cancellationToken);

    private async Task<string> NewReferenceAsync(CancellationToken cancellationToken)
    {
        string reference;
        do
            reference = AppointmentReference.New();
        while (await db.Appointments.IgnoreQueryFilters(PracticeFilter.Only).AnyAsync(row => row.Reference == reference, cancellationToken));
        return reference;
    }

    private sealed record SlotForBooking(Slot Row, bool ServiceIsActive, DeliveryChannel[] Channels)
    {
        public SlotId Id => Row.Id;

        public DateTimeOffset Start => Row.Start;

        public DateTimeOffset End => Row.End;

        public SlotStatus Status => Row.Status;

        public PatientId? HeldFor => Row.HeldFor;

        public DateTimeOffset? HeldUntil => Row.HeldUntil;
    }
}
