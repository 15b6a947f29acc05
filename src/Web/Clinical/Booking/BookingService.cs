using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Booking;

/// <summary>What is answered to a question of the service; empty counts as nothing.</summary>
public sealed record GivenAnswer(ServiceQuestionId Question, string? Text);

/// <param name="ReasonForVisit">What the patient wants help with; empty counts as none.</param>
/// <param name="Answers">To questions of the service; those to others are left out.</param>
public sealed record BookingRequest(SlotId Slot, PatientId Patient, DeliveryChannel Channel, string? ReasonForVisit = null, IReadOnlyList<GivenAnswer>? Answers = null)
{
    /// <summary>The consultation in which it is booked as what comes next; null for any other.</summary>
    public AppointmentId? FollowUpOf { get; init; }
}

/// <summary>Holds, sells and takes back slots. A patient acts for themself, practice staff for any patient of the practice, a carer within what was granted.</summary>
public sealed partial class BookingService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Keeps a slot for a patient for <see cref="Slot.HoldTime"/> and lets go of any other they hold.</summary>
    public async Task<HoldOutcome> HoldAsync(Actor actor, SlotId id, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayBookFor(patient))
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
            if (await RuleAgainstAsync(actor, patient, slot, now, time, cancellationToken) is { } rule)
                return new HoldOutcome.AgainstRule(rule);
            var seats = await OpenSeatsAsync(slot.Row, patient, now, cancellationToken);
            if (seats is [{ HeldUntil: { } until } mine, ..] && mine.HeldFor == patient && until > now)
                return new HoldOutcome.Held(mine.Id, time.ToLocal(until));
            foreach (var seat in seats)
            {
                if (!await db.Slots.HoldAsync(seat.Id, patient, now, now + Slot.HoldTime))
                    continue;
                await db.ReleaseHoldsAsync(patient, except: seat.Id);
                db.Audit(nameof(Slot), seat.Id.Value, $$"""{"HeldFor":"{{patient}}"}""");
                return new HoldOutcome.Held(seat.Id, time.ToLocal(now + Slot.HoldTime));
            }

            return new HoldOutcome.Taken();
        }, cancellationToken);
    }

    /// <summary>Gives back whatever this patient holds.</summary>
    public async Task ReleaseHoldsAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayBookFor(patient))
            return;
        await db.WriteAsync(actor, "slot.release", reason: null, async () =>
        {
            if (await db.ReleaseHoldsAsync(patient, except: null) > 0)
                db.Audit(nameof(Patient), patient.Value, """{"Holds":"released"}""");
            return true;
        }, cancellationToken);
    }

    public async Task<BookOutcome> BookAsync(Actor actor, BookingRequest request, CancellationToken cancellationToken)
    {
        if (!actor.MayBookFor(request.Patient))
            return new BookOutcome.NotFound();
        if (request.ReasonForVisit?.Trim().Length > Appointment.ReasonLength)
            return new BookOutcome.ReasonTooLong();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        try
        {
            return await db.WriteAsync(actor, "appointment.book", reason: null, () => BookAsync(actor, request, time, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new BookOutcome.Taken();
        }
    }

    private async Task<BookOutcome> BookAsync(Actor actor, BookingRequest request, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!await LockAsync(request.Patient) || await FindAsync(request.Slot, cancellationToken) is not { } slot)
            return new BookOutcome.NotFound();

        var mine = await Live(db.Appointments.AsNoTracking())
            .SingleOrDefaultAsync(row => row.PatientId == request.Patient && row.ScheduleId == slot.Row.ScheduleId && row.Start == slot.Start, cancellationToken);
        if (mine is not null)
            return new BookOutcome.Booked(mine.Id, mine.Reference, mine.ScheduleId);
        var seats = await OpenSeatsAsync(slot.Row, request.Patient, now, cancellationToken);
        if (seats.Count == 0)
            return new BookOutcome.Taken();
        if (slot.Start < now)
            return new BookOutcome.InThePast();
        if (!slot.ServiceIsActive)
            return new BookOutcome.ServiceInactive();
        if (!slot.Channels.Contains(request.Channel))
            return new BookOutcome.ChannelNotOffered();
        if (await RuleAgainstAsync(actor, request.Patient, slot, now, time, cancellationToken, seats[0]) is { } rule)
            return new BookOutcome.AgainstRule(rule);
        var questions = await db.QuestionsOfAsync(slot.Row.ServiceId, cancellationToken);
        if (Unanswered(questions, request.Answers) is { Count: > 0 } missing)
            return new BookOutcome.AnswersMissing(missing);
        if (await OverlapAsync(request.Patient, slot.Row, except: null, cancellationToken) is { } other)
            return new BookOutcome.Overlaps(other.Id, time.ToLocal(other.Start));
        if (await IsElsewhereAsync(slot.Row, cancellationToken) || await SellOneAsync(seats, request.Patient, now) is not { } seat)
            return new BookOutcome.Taken();

        await db.ReleaseHoldsAsync(request.Patient, except: null);
        var reason = string.IsNullOrWhiteSpace(request.ReasonForVisit) ? null : request.ReasonForVisit.Trim();
        var owed = await db.Appointments.OwedAsync(request.Patient, slot.Row.ServiceId, now, cancellationToken);
        var appointment = Appointment.Book(
            seat, request.Patient, request.Channel, await NewReferenceAsync(cancellationToken), reason, now, owed is null ? slot.Service.PricePence : 0, owed);
        if (request.FollowUpOf is { } consultation)
            appointment.Follow(consultation);
        db.Appointments.Add(appointment);
        KeepAnswers(appointment, questions, request.Answers);
        await db.WaitForAsync(appointment, cancellationToken);
        await db.AcceptAsync(seat, appointment, cancellationToken);
        db.Notify(appointment, MessageKind.Booked, now);
        return new BookOutcome.Booked(appointment.Id, appointment.Reference, appointment.ScheduleId);
    }

    /// <summary>The places at the time of this slot that are free to this patient: one they hold first, then this one, then the group's others.</summary>
    private async Task<List<Slot>> OpenSeatsAsync(Slot slot, PatientId patient, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seats = await db.Slots.AsNoTracking().Where(row => row.ScheduleId == slot.ScheduleId && row.Start == slot.Start)
            .Where(SlotBook.IsOpenTo(patient, now)).ToListAsync(cancellationToken);
        return [.. seats.OrderByDescending(seat => seat.HeldFor == patient && seat.HeldUntil > now).ThenByDescending(seat => seat.Id == slot.Id).ThenBy(seat => seat.Seat)];
    }

    /// <summary>Null if others were faster at every one of them.</summary>
    private async Task<Slot?> SellOneAsync(IReadOnlyList<Slot> seats, PatientId patient, DateTimeOffset now)
    {
        foreach (var seat in seats)
        {
            if (await db.Slots.SellAsync(seat.Id, patient, now))
                return seat;
        }

        return null;
    }

    /// <summary>The rule of the service that keeps this actor from the time; null if none does.</summary>
    /// <param name="held">A place at the same time that the patient may hold; otherwise the slot itself.</param>
    private async Task<BookingRule?> RuleAgainstAsync(
        Actor actor, PatientId patient, SlotForBooking slot, DateTimeOffset now, PracticeTime time, CancellationToken cancellationToken, Slot? held = null)
    {
        var registered = slot.Service.BookedBy != Bookers.RegisteredPatients || await db.Patients.AnyAsync(row => row.Id == patient && row.NhsNumber != null, cancellationToken);
        var place = held ?? slot.Row;
        return slot.Service.Refusal(actor, registered) ?? slot.Service.Refusal(actor, place, place.HeldFor == patient && place.HeldUntil > now, now, time);
    }

    private static List<ServiceQuestionId> Unanswered(IReadOnlyList<QuestionView> questions, IReadOnlyList<GivenAnswer>? answers) =>
    [
        .. from question in questions
           let text = Blank(answers?.FirstOrDefault(answer => answer.Question == question.Id)?.Text)
           where text is null ? question.IsRequired : text.Length > AppointmentAnswer.TextLength
           select question.Id,
    ];

    private void KeepAnswers(Appointment appointment, IReadOnlyList<QuestionView> questions, IReadOnlyList<GivenAnswer>? answers)
    {
        foreach (var (position, question) in questions.Index())
        {
            if (Blank(answers?.FirstOrDefault(answer => answer.Question == question.Id)?.Text) is { } text)
                db.AppointmentAnswers.Add(new AppointmentAnswer { Id = Guid.CreateVersion7(), PracticeId = appointment.PracticeId, AppointmentId = appointment.Id, Position = position, Question = question.Text, Text = text });
        }
    }

    /// <summary>
    /// A clinician is never in two places: what they have at another time that overlaps keeps this one from being sold. Their clinics do not overlap, so that this is about what was
    /// put into the diary past the publisher.
    /// </summary>
    private Task<bool> IsElsewhereAsync(Slot slot, CancellationToken cancellationToken)
    {
        // Nothing that began before can still go on: the index is not read from its beginning.
        var earliest = slot.Start - TimeSpan.FromMinutes(ServiceAdministration.LongestMinutes);
        return db.Appointments.AnyAsync(
            row => row.PractitionerId == slot.PractitionerId && row.Start >= earliest && row.Start < slot.End && row.End > slot.Start && (row.ScheduleId != slot.ScheduleId || row.Start != slot.Start)
                && (row.Status == AppointmentStatus.Booked || row.Status == AppointmentStatus.Arrived || row.Status == AppointmentStatus.CheckedIn), cancellationToken);
    }

    private Task<Appointment?> OverlapAsync(PatientId patient, Slot slot, AppointmentId? except, CancellationToken cancellationToken) =>
        Live(db.Appointments.AsNoTracking())
            .Where(row => row.PatientId == patient && row.Start < slot.End && row.End > slot.Start && row.Id != except)
            .OrderBy(row => row.Start).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Appointments that keep their slot and the patient's time.</summary>
    internal static IQueryable<Appointment> Live(IQueryable<Appointment> appointments) =>
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
               join service in db.Services.AsNoTracking() on slot.ServiceId equals service.Id
               join schedule in db.Schedules on slot.ScheduleId equals schedule.Id
               join practitioner in db.Practitioners on slot.PractitionerId equals practitioner.Id
               where slot.Id == id
               select new SlotForBooking(slot, service, schedule.Channels, practitioner.EndedAt == null)).SingleOrDefaultAsync(cancellationToken);

    private async Task<string> NewReferenceAsync(CancellationToken cancellationToken)
    {
        string reference;
        do
            reference = AppointmentReference.New();
        while (await db.Appointments.IgnoreQueryFilters(PracticeFilter.Only).AnyAsync(row => row.Reference == reference, cancellationToken));
        return reference;
    }

    /// <param name="Ways">How the clinic is held; null for every way of the service.</param>
    private sealed record SlotForBooking(Slot Row, HealthcareService Service, DeliveryChannel[]? Ways, bool ClinicianWorksHere)
    {
        /// <summary>What it is for can be booked at all.</summary>
        public bool ServiceIsActive => Service.IsActive && ClinicianWorksHere;

        public DeliveryChannel[] Channels => Schedule.ChannelsOf(Ways, Service.Channels);

        public DateTimeOffset Start => Row.Start;
    }
}
