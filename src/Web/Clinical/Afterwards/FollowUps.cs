using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Afterwards;

/// <summary>An appointment that was booked as the follow-up of another. Times carry the practice's offset.</summary>
public sealed record FollowUpView(AppointmentId Id, DateTimeOffset Start, string ServiceName, string PractitionerName, DeliveryChannel Channel);

/// <summary>What a clinician can book next for the patient of a consultation. Times carry the practice's offset.</summary>
/// <param name="Booked">As its follow-ups already.</param>
public sealed record FollowUpChoices(AppointmentId Appointment, string PatientName, DateTimeOffset Start, IReadOnlyList<FreeTime> Times, IReadOnlyList<FollowUpView> Booked);

/// <summary>The next appointment, booked by the clinician of a consultation while the patient is still there. Like staff, a clinician knows why they go past a service's rules.</summary>
public sealed class FollowUps(ClinicalDbContext db, BookingService booking, DiaryService diary)
{
    public const int MaxShown = 20;

    /// <summary>Null if it is not the clinician's, or was cancelled or missed.</summary>
    /// <param name="first">The first local day.</param>
    /// <param name="ownOnly">With this clinician alone.</param>
    public async Task<FollowUpChoices?> ChoicesAsync(Actor clinician, AppointmentId id, DateOnly first, bool ownOnly, CancellationToken cancellationToken)
    {
        if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment)
            return null;
        var time = await db.TimeOfAsync(clinician, cancellationToken);
        var patient = await db.Patients.AsNoTracking().SingleAsync(row => row.Id == appointment.PatientId, cancellationToken);
        return new FollowUpChoices(
            id,
            patient.DisplayName,
            time.ToLocal(appointment.Start),
            await diary.FreeAsync(clinician, new DiaryFilter(Practitioner: ownOnly ? clinician.AsPractitioner : null), first, MaxShown, cancellationToken),
            await OfAsync(clinician, id, cancellationToken));
    }

    public async Task<BookOutcome> BookAsync(Actor clinician, AppointmentId id, SlotId slot, DeliveryChannel channel, CancellationToken cancellationToken)
    {
        if (await OwnAsync(clinician, id, cancellationToken) is not { } appointment)
            return new BookOutcome.NotFound();
        return await booking.BookAsync(clinician with { Treats = appointment.PatientId }, new BookingRequest(slot, appointment.PatientId, channel) { FollowUpOf = id }, cancellationToken);
    }

    /// <summary>Those still to come, the next first: for whoever sees the appointment that they follow.</summary>
    public async Task<IReadOnlyList<FollowUpView>> OfAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (!await db.Appointments.VisibleTo(actor).AnyAsync(row => row.Id == id, cancellationToken))
            return [];
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var rows = await (
            from appointment in db.Appointments.AsNoTracking()
            join service in db.Services on appointment.ServiceId equals service.Id
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            where appointment.FollowUpOf == id && appointment.Status == AppointmentStatus.Booked
            orderby appointment.Start
            select new { appointment, service.Name, practitioner }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new FollowUpView(row.appointment.Id, time.ToLocal(row.appointment.Start), row.Name, row.practitioner.DisplayName, row.appointment.Channel));
    }

    private async Task<Appointment?> OwnAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken)
    {
        if (clinician.AsPractitioner is not { } self)
            throw new NotAllowedException("Only a clinician books a follow-up.");
        db.ActFor(clinician);
        var appointment = await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.PractitionerId == self, cancellationToken);
        return appointment?.Status is AppointmentStatus.Booked or AppointmentStatus.Arrived or AppointmentStatus.CheckedIn or AppointmentStatus.Fulfilled ? appointment : null;
    }
}
