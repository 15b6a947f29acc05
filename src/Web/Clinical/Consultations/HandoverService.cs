using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>A handover that is under way, or done. Times carry the practice's offset.</summary>
/// <param name="IsAsker">The reading clinician is the one who asked.</param>
/// <param name="IsThere">Whoever takes over is in the call now.</param>
public sealed record HandoverView(
    AppointmentId Appointment, string PatientName, string ServiceName, string FromName, string ToName, string Note, HandoverStatus Status, DateTimeOffset AskedAt, bool IsAsker, bool IsThere);

public sealed record ColleagueView(PractitionerId Id, string Name);

/// <summary>What a clinician can do about handing one patient over.</summary>
/// <param name="CanAsk">The patient is with the reading clinician, in a call, and nobody was asked.</param>
/// <param name="Open">What is under way; null if nothing is.</param>
public sealed record HandoverDesk(AppointmentId Appointment, string PatientName, bool CanAsk, HandoverView? Open, IReadOnlyList<ColleagueView> Colleagues);

public abstract record AskHandoverOutcome
{
    /// <param name="Clinics">The other clinician's that run now: their boards have something to show.</param>
    public sealed record Asked(string Name, IReadOnlyList<ScheduleId> Clinics) : AskHandoverOutcome;

    public sealed record NobodyChosen : AskHandoverOutcome;

    public sealed record NoteMissing : AskHandoverOutcome;

    public sealed record NoteTooLong : AskHandoverOutcome;

    /// <summary>The patient is not in a video call with the clinician, or somebody was asked already.</summary>
    public sealed record NotPossible : AskHandoverOutcome;

    public sealed record NotFound : AskHandoverOutcome;
}

public abstract record HandoverOutcome
{
    /// <param name="From">Whoever was responsible before.</param>
    public sealed record Changed(ScheduleId Clinic, PractitionerId From) : HandoverOutcome;

    /// <summary>Whoever takes over is not in the call: both talk before the first leaves.</summary>
    public sealed record NotThere(string Name) : HandoverOutcome;

    /// <summary>It was answered, taken back or finished meanwhile.</summary>
    public sealed record NotPossible : HandoverOutcome;

    public sealed record NotFound : HandoverOutcome;
}

/// <summary>
/// A patient who is in a call is handed over to another clinician of the practice: asked with a note, accepted, both in the call together, then done. Until then whoever asked is responsible.
/// </summary>
public sealed class HandoverService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Null if the consultation is not the clinician's, and nobody asks them to take it over.</summary>
    public async Task<HandoverDesk?> DeskAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken)
    {
        var self = Self(clinician);
        db.ActFor(clinician);
        var found = await (
            from appointment in db.Appointments.AsNoTracking()
            join patient in db.Patients on appointment.PatientId equals patient.Id
            where appointment.Id == id
            select new { appointment, patient }).SingleOrDefaultAsync(cancellationToken);
        var open = (await ViewsAsync(clinician, row => row.AppointmentId == id && (row.Status == HandoverStatus.Asked || row.Status == HandoverStatus.Accepted), cancellationToken)).SingleOrDefault();
        if (found is null || (found.appointment.PractitionerId != self && open is null))
            return null;
        var colleagues = await db.Practitioners.AsNoTracking().Where(row => row.EndedAt == null && row.Id != self).OrderBy(row => row.FamilyName).ToListAsync(cancellationToken);
        return new HandoverDesk(
            id, found.patient.DisplayName, open is null && IsInCall(found.appointment), open, colleagues.ConvertAll(row => new ColleagueView(row.Id, row.DisplayName)));
    }

    /// <summary>What others ask this clinician to take over, and what they took over and have not finished.</summary>
    public async Task<IReadOnlyList<HandoverView>> ToAsync(Actor clinician, CancellationToken cancellationToken)
    {
        var self = Self(clinician);
        db.ActFor(clinician);
        return await ViewsAsync(
            clinician,
            row => row.ToId == self && (row.Status == HandoverStatus.Asked || row.Status == HandoverStatus.Accepted || row.Status == HandoverStatus.Done),
            cancellationToken);
    }

    public async Task<AskHandoverOutcome> AskAsync(Actor clinician, AppointmentId id, PractitionerId? to, string? note, CancellationToken cancellationToken)
    {
        var self = Self(clinician);
        var text = note?.Trim() ?? "";
        try
        {
            return await db.WriteAsync<AskHandoverOutcome>(clinician, "handover.ask", reason: null, async () =>
            {
                var now = clock.GetUtcNow();
                if (await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.PractitionerId == self, cancellationToken) is not { } appointment)
                    return new AskHandoverOutcome.NotFound();
                if (!IsInCall(appointment) || await OpenAsync(id, cancellationToken) is not null)
                    return new AskHandoverOutcome.NotPossible();
                if (await db.Practitioners.AsNoTracking().SingleOrDefaultAsync(row => row.Id == to && row.Id != self && row.EndedAt == null, cancellationToken) is not { } colleague)
                    return new AskHandoverOutcome.NobodyChosen();
                if (text.Length == 0)
                    return new AskHandoverOutcome.NoteMissing();
                if (text.Length > Handover.MaxNote)
                    return new AskHandoverOutcome.NoteTooLong();
                db.Handovers.Add(Handover.Ask(appointment, colleague.Id, text, now));
                var clinics = await db.Schedules.AsNoTracking().Where(row => row.PractitionerId == colleague.Id && row.Start <= now.AddHours(4) && row.End >= now.AddHours(-4)).Select(row => row.Id).ToListAsync(cancellationToken);
                return new AskHandoverOutcome.Asked(colleague.DisplayName, clinics);
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new AskHandoverOutcome.NotPossible();
        }
    }

    /// <summary>Whoever was asked says whether they take over. They may still decline after they came.</summary>
    public Task<HandoverOutcome> AnswerAsync(Actor clinician, AppointmentId id, bool accept, CancellationToken cancellationToken) => ChangeAsync(
        clinician, id, accept ? "handover.accept" : "handover.decline", (handover, self) => handover.ToId == self,
        (handover, _, now) =>
        {
            if (accept && handover.Status == HandoverStatus.Accepted)
                return Task.FromResult<HandoverOutcome?>(null);
            if (accept)
                handover.Accept(now);
            else
                handover.Decline(now);
            return Task.FromResult<HandoverOutcome?>(null);
        }, cancellationToken);

    /// <summary>Whoever asked takes it back.</summary>
    public Task<HandoverOutcome> WithdrawAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken) => ChangeAsync(
        clinician, id, "handover.withdraw", (handover, self) => handover.FromId == self,
        (handover, _, now) =>
        {
            handover.Withdraw(now);
            return Task.FromResult<HandoverOutcome?>(null);
        }, cancellationToken);

    /// <summary>The patient, the note and the Encounter are the other's from now on.</summary>
    public Task<HandoverOutcome> CompleteAsync(Actor clinician, AppointmentId id, CancellationToken cancellationToken) => ChangeAsync(
        clinician, id, "handover.complete", (handover, self) => handover.FromId == self,
        async (handover, appointment, now) =>
        {
            if (handover.Status != HandoverStatus.Accepted)
                return new HandoverOutcome.NotPossible();
            if (!await IsThereAsync(id, handover.ToId, cancellationToken))
                return new HandoverOutcome.NotThere((await db.Practitioners.AsNoTracking().SingleAsync(row => row.Id == handover.ToId, cancellationToken)).DisplayName);
            handover.Complete(now);
            appointment.HandOver(handover.ToId);
            if (await db.LiveEncounterAsync(id, cancellationToken) is { } encounter)
            {
                encounter.HandOver(handover.ToId);
                (await db.EncounterNotes.SingleOrDefaultAsync(row => row.EncounterId == encounter.Id, cancellationToken))?.HandOver(handover.ToId);
            }
            return null;
        }, cancellationToken);

    /// <param name="change">Null when it was carried out.</param>
    private Task<HandoverOutcome> ChangeAsync(
        Actor clinician, AppointmentId id, string action, Func<Handover, PractitionerId, bool> isTheirs, Func<Handover, Appointment, DateTimeOffset, Task<HandoverOutcome?>> change, CancellationToken cancellationToken)
    {
        var self = Self(clinician);
        return db.WriteAsync<HandoverOutcome>(clinician, action, reason: null, async () =>
        {
            if (await db.Handovers.Where(row => row.AppointmentId == id && (row.FromId == self || row.ToId == self)).OrderByDescending(row => row.AskedAt).FirstOrDefaultAsync(cancellationToken) is not { } handover
                || !isTheirs(handover, self))
                return new HandoverOutcome.NotFound();
            var appointment = await db.Appointments.SingleAsync(row => row.Id == id, cancellationToken);
            if (handover.Status is not (HandoverStatus.Asked or HandoverStatus.Accepted) || !IsInCall(appointment))
                return new HandoverOutcome.NotPossible();
            return await change(handover, appointment, clock.GetUtcNow()) ?? new HandoverOutcome.Changed(appointment.ScheduleId, handover.FromId);
        }, cancellationToken);
    }

    private async Task<List<HandoverView>> ViewsAsync(Actor clinician, System.Linq.Expressions.Expression<Func<Handover, bool>> which, CancellationToken cancellationToken)
    {
        var self = Self(clinician);
        var time = await db.TimeOfAsync(clinician, cancellationToken);
        var rows = await (
            from handover in db.Handovers.AsNoTracking().Where(which)
            join appointment in db.Appointments on handover.AppointmentId equals appointment.Id
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join service in db.Services on appointment.ServiceId equals service.Id
            join asker in db.Practitioners on handover.FromId equals asker.Id
            join taker in db.Practitioners on handover.ToId equals taker.Id
            where (handover.FromId == self || handover.ToId == self) && appointment.Status == AppointmentStatus.CheckedIn
            orderby handover.AskedAt
            select new { handover, patient, service.Name, asker, taker }).ToListAsync(cancellationToken);
        var views = new List<HandoverView>();
        foreach (var row in rows)
        {
            views.Add(new HandoverView(
                row.handover.AppointmentId, row.patient.DisplayName, row.Name, row.asker.DisplayName, row.taker.DisplayName, row.handover.Note, row.handover.Status, time.ToLocal(row.handover.AskedAt),
                row.handover.FromId == self, await IsThereAsync(row.handover.AppointmentId, row.handover.ToId, cancellationToken)));
        }

        return views;
    }

    private Task<Handover?> OpenAsync(AppointmentId id, CancellationToken cancellationToken) =>
        db.Handovers.SingleOrDefaultAsync(row => row.AppointmentId == id && (row.Status == HandoverStatus.Asked || row.Status == HandoverStatus.Accepted), cancellationToken);

    private async Task<bool> IsThereAsync(AppointmentId id, PractitionerId who, CancellationToken cancellationToken) =>
        (await db.TimelineAsync(id, cancellationToken)).Periods.Any(period => period.PersonId == who.Value && period.End is null);

    private static bool IsInCall(Appointment appointment) => appointment is { Status: AppointmentStatus.CheckedIn, Room: not null };

    private static PractitionerId Self(Actor clinician) => clinician.AsPractitioner ?? throw new NotAllowedException("Only a clinician hands a patient over.");
}

internal static class HandoverQueries
{
    /// <summary>Whether this clinician has, or had, a part in a consultation because they or somebody else handed it over.</summary>
    public static Task<bool> HadPartAsync(this ClinicalDbContext db, Guid clinician, AppointmentId appointment, CancellationToken cancellationToken)
    {
        var id = new PractitionerId(clinician);
        return db.Handovers.AnyAsync(row => row.AppointmentId == appointment && row.AcceptedAt != null && (row.FromId == id || row.ToId == id), cancellationToken);
    }
}
