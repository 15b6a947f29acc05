using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>Which clinics a diary shows; null leaves a question open.</summary>
public sealed record DiaryFilter(HealthcareServiceId? Service = null, PractitionerId? Practitioner = null, DeliveryChannel? Channel = null);

/// <summary>What stands at one place of a clinic.</summary>
public enum DiaryState
{
    Free,

    /// <summary>Nobody booked it and its time has begun.</summary>
    Unused,
    Held,
    Blocked,
    Booked,
    Arrived,
    Waiting,
    InCall,
    Done,
    DidNotAttend,
    WasNotBrought,
}

/// <summary>One line of a clinic. Times carry the practice's offset.</summary>
/// <param name="Places">How many free places this line stands for: more than one only of a group.</param>
/// <param name="Patient">Who booked or holds it.</param>
/// <param name="Note">Why it is blocked.</param>
/// <param name="IsExtra">Overbooked on purpose.</param>
public sealed record DiaryEntry(
    SlotId Slot, DateTimeOffset Start, DateTimeOffset End, DiaryState State, int Places, AppointmentId? Appointment, string? Patient, DeliveryChannel? Channel, string? Note, bool IsExtra);

/// <summary>A clinic with everything in it, by time.</summary>
public sealed record DiaryClinic(
    ScheduleId Id, PractitionerId PractitionerId, string PractitionerName, HealthcareServiceId ServiceId, string ServiceName, DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<DiaryEntry> Entries);

/// <summary>A time that can be booked, for staff.</summary>
public sealed record FreeTime(
    SlotId Slot, DateOnly Day, DateTimeOffset Start, HealthcareServiceId ServiceId, string ServiceName, string PractitionerName, IReadOnlyList<DeliveryChannel> Channels);

/// <summary>One slot with its clinic, for staff who are about to do something with it.</summary>
/// <param name="HasFreePlace">Someone can book this time as it is.</param>
public sealed record DiarySlot(DiaryClinic Clinic, DiaryEntry Entry, DateOnly Day, IReadOnlyList<DeliveryChannel> Channels, bool HasFreePlace, DateTimeOffset? HeldUntil, PatientId? HeldFor);

/// <summary>What can be chosen in a diary's filter.</summary>
public sealed record DiaryChoices(IReadOnlyList<(HealthcareServiceId Id, string Name)> Services, IReadOnlyList<(PractitionerId Id, string Name)> Practitioners);

/// <summary>The practice's appointment book, for its staff: every clinic of a day slot by slot, and the next free time.</summary>
public sealed class DiaryService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Clinics with slots that start on this local day, by clinician, then start.</summary>
    public async Task<IReadOnlyList<DiaryClinic>> DayAsync(Actor staff, DateOnly day, DiaryFilter filter, CancellationToken cancellationToken)
    {
        Act(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var (start, end) = time.BoundsOf(day);
        var schedules = (await ChosenAsync(filter, cancellationToken)).Where(row => row.Start < end && row.End > start);
        return await ClinicsAsync(schedules, db.Slots.Where(slot => slot.Day == day), time, cancellationToken);
    }

    /// <summary>Null if there is no such slot.</summary>
    public async Task<DiarySlot?> SlotAsync(Actor staff, SlotId id, CancellationToken cancellationToken)
    {
        Act(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var slot = await db.Slots.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (slot is null)
            return null;
        var clinics = await ClinicsAsync(
            db.Schedules.Where(row => row.Id == slot.ScheduleId), db.Slots.Where(row => row.ScheduleId == slot.ScheduleId && row.Start == slot.Start), time, cancellationToken);
        var entries = clinics[0].Entries;
        var ways = await db.Schedules.Where(row => row.Id == slot.ScheduleId).Join(db.Services, row => row.ServiceId, row => row.Id, (schedule, service) => new { schedule.Channels, Service = service.Channels }).SingleAsync(cancellationToken);
        var channels = Schedule.ChannelsOf(ways.Channels, ways.Service);
        // Of a group's free places one line stands for all, and an extra place that was given back has none.
        var entry = entries.FirstOrDefault(row => row.Slot == id) ?? entries.FirstOrDefault(row => row.State == DiaryState.Free) ?? entries[0];
        var held = slot.Status == SlotStatus.BusyTentative && slot.HeldUntil > clock.GetUtcNow();
        return new DiarySlot(
            clinics[0], entry, slot.Day, channels, entries.Any(row => row.State == DiaryState.Free), held ? time.ToLocal(slot.HeldUntil) : null, held ? slot.HeldFor : null);
    }

    /// <summary>The next times that can be booked, from the start of a day on, at most <paramref name="most"/>; of a group's places one.</summary>
    public Task<IReadOnlyList<FreeTime>> NextFreeAsync(Actor staff, DiaryFilter filter, DateOnly first, int most, CancellationToken cancellationToken)
    {
        Act(staff);
        return FreeAsync(staff, filter, first, most, cancellationToken);
    }

    /// <summary>The same, for a clinician who books a follow-up.</summary>
    internal async Task<IReadOnlyList<FreeTime>> FreeAsync(Actor actor, DiaryFilter filter, DateOnly first, int most, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var schedules = await ChosenAsync(filter, cancellationToken);
        var rows = await (
            from slot in db.Slots.AsNoTracking().Where(SlotBook.IsOpenTo(null, now))
            join schedule in schedules on slot.ScheduleId equals schedule.Id
            join service in db.Services on slot.ServiceId equals service.Id
            join practitioner in db.Practitioners on slot.PractitionerId equals practitioner.Id
            where slot.Start >= now && slot.Day >= first && service.IsActive
                && (slot.Seat == 0 || !db.Slots.Where(SlotBook.IsOpenTo(null, now)).Any(other => other.ScheduleId == slot.ScheduleId && other.Start == slot.Start && other.Seat < slot.Seat))
            orderby slot.Start, practitioner.FamilyName
            select new { slot.Id, slot.Day, slot.Start, slot.ServiceId, service.Name, service.Channels, Ways = schedule.Channels, practitioner }).Take(most).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new FreeTime(row.Id, row.Day, time.ToLocal(row.Start), row.ServiceId, row.Name, row.practitioner.DisplayName, Schedule.ChannelsOf(row.Ways, row.Channels)));
    }

    public async Task<DiaryChoices> ChoicesAsync(Actor staff, CancellationToken cancellationToken)
    {
        Act(staff);
        var services = await db.Services.AsNoTracking().OrderBy(row => row.Name).Select(row => new { row.Id, row.Name }).ToListAsync(cancellationToken);
        var practitioners = await db.Practitioners.AsNoTracking().OrderBy(row => row.FamilyName).ThenBy(row => row.GivenName).ToListAsync(cancellationToken);
        return new DiaryChoices(services.ConvertAll(row => (row.Id, row.Name)), practitioners.ConvertAll(row => (row.Id, row.DisplayName)));
    }

    private void Act(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff see the diary.");
        db.ActFor(actor);
    }

    private async Task<IQueryable<Schedule>> ChosenAsync(DiaryFilter filter, CancellationToken cancellationToken)
    {
        var schedules = db.Schedules.AsNoTracking();
        if (filter.Service is { } service)
            schedules = schedules.Where(row => row.ServiceId == service);
        if (filter.Practitioner is { } practitioner)
            schedules = schedules.Where(row => row.PractitionerId == practitioner);
        if (filter.Channel is { } channel)
        {
            var offering = (await db.Services.AsNoTracking().ToListAsync(cancellationToken)).FindAll(row => row.Offers(channel)).ConvertAll(row => row.Id);
            schedules = schedules.Where(row => offering.Contains(row.ServiceId) && (row.Channels == null || row.Channels.Contains(channel)));
        }

        return schedules;
    }

    private async Task<List<DiaryClinic>> ClinicsAsync(IQueryable<Schedule> schedules, IQueryable<Slot> slots, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var clinics = await (
            from schedule in schedules
            join practitioner in db.Practitioners on schedule.PractitionerId equals practitioner.Id
            join service in db.Services on schedule.ServiceId equals service.Id
            orderby practitioner.FamilyName, practitioner.GivenName, schedule.Start
            select new { schedule.Id, schedule.Start, schedule.End, practitioner, ServiceId = service.Id, service.Name }).AsNoTracking().ToListAsync(cancellationToken);
        var rows = await (
            from slot in slots
            join schedule in schedules on slot.ScheduleId equals schedule.Id
            join holder in db.Patients on slot.HeldFor equals (PatientId?)holder.Id into holders
            from holder in holders.DefaultIfEmpty()
            orderby slot.Start, slot.Seat
            select new SlotRow(slot.Id, slot.ScheduleId, slot.Start, slot.End, slot.Status, slot.HeldUntil, slot.BlockReason, slot.IsExtra, holder.GivenName, holder.FamilyName)).ToListAsync(cancellationToken);
        var booked = await (
            from appointment in db.Appointments
            join slot in slots on appointment.SlotId equals slot.Id
            join schedule in schedules on appointment.ScheduleId equals schedule.Id
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join encounter in db.Encounters.Live() on appointment.Id equals encounter.AppointmentId into encounters
            from encounter in encounters.DefaultIfEmpty()
            where appointment.Status != AppointmentStatus.Cancelled && appointment.Status != AppointmentStatus.EnteredInError
            select new BookedRow(appointment.SlotId, appointment.Id, appointment.Status, appointment.Absence, appointment.Channel, patient.GivenName, patient.FamilyName, encounter.WaitingSince)).ToListAsync(cancellationToken);
        var bySlot = booked.ToDictionary(row => row.Slot);
        var byClinic = rows.ToLookup(row => row.Clinic);
        return clinics.ConvertAll(clinic => new DiaryClinic(
            clinic.Id, clinic.practitioner.Id, clinic.practitioner.DisplayName, clinic.ServiceId, clinic.Name, time.ToLocal(clinic.Start), time.ToLocal(clinic.End), Entries(byClinic[clinic.Id], bySlot, time, now)));
    }

    private static List<DiaryEntry> Entries(IEnumerable<SlotRow> rows, Dictionary<SlotId, BookedRow> booked, PracticeTime time, DateTimeOffset now)
    {
        var entries = new List<DiaryEntry>();
        foreach (var row in rows)
        {
            booked.TryGetValue(row.Id, out var appointment);
            var state = StateOf(row, appointment, now);
            if (row.IsExtra && state == DiaryState.Blocked)
                continue;
            var start = time.ToLocal(row.Start);
            // A group's free places are one line.
            var last = entries.Count - 1;
            if (state is DiaryState.Free or DiaryState.Unused or DiaryState.Blocked && last >= 0 && entries.FindLastIndex(entry => entry.Start == start && entry.State == state) is >= 0 and var same)
            {
                entries[same] = entries[same] with { Places = entries[same].Places + 1 };
                continue;
            }

            var patient = appointment is not null ? PersonName.Of(null, appointment.GivenName, appointment.FamilyName)
                : state == DiaryState.Held && row is { HolderGiven: { } given, HolderFamily: { } family } ? PersonName.Of(null, given, family) : null;
            entries.Add(new DiaryEntry(row.Id, start, time.ToLocal(row.End), state, 1, appointment?.Id, patient, appointment?.Channel, state == DiaryState.Blocked ? row.BlockReason : null, row.IsExtra));
        }

        return entries;
    }

    private static DiaryState StateOf(SlotRow slot, BookedRow? appointment, DateTimeOffset now)
    {
        if (appointment is not null)
        {
            return BoardStatuses.Of(appointment.Status, appointment.WaitingSince is not null) switch
            {
                BoardStatus.Arrived => DiaryState.Arrived,
                BoardStatus.Waiting => DiaryState.Waiting,
                BoardStatus.InCall => DiaryState.InCall,
                BoardStatus.Done => DiaryState.Done,
                BoardStatus.DidNotAttend => appointment.Absence == Absence.WasNotBrought ? DiaryState.WasNotBrought : DiaryState.DidNotAttend,
                _ => DiaryState.Booked,
            };
        }

        return slot.Status switch
        {
            SlotStatus.BusyUnavailable => DiaryState.Blocked,
            SlotStatus.BusyTentative when slot.HeldUntil > now => DiaryState.Held,
            _ => slot.Start < now ? DiaryState.Unused : DiaryState.Free,
        };
    }

    private sealed record SlotRow(
        SlotId Id, ScheduleId Clinic, DateTimeOffset Start, DateTimeOffset End, SlotStatus Status, DateTimeOffset? HeldUntil, string? BlockReason, bool IsExtra, string? HolderGiven, string? HolderFamily);

    private sealed record BookedRow(
        SlotId Slot, AppointmentId Id, AppointmentStatus Status, Absence? Absence, DeliveryChannel Channel, string GivenName, string FamilyName, DateTimeOffset? WaitingSince);
}
