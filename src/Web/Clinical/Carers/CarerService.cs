using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Carers;

/// <summary>Who may do what for a patient, and until when. The patient decides, or practice staff for them with a reason.</summary>
public sealed class CarerService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Who may act for one patient, or is invited to, at a time.</summary>
    public const int MostAtOnce = 10;

    private const int MostActs = 100;

    /// <summary>Records what the carer may do and sends them an invitation: nothing can be done before they accept it.</summary>
    public async Task<GrantOutcome> GrantAsync(Actor actor, CarerGrant grant, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(grant.Patient))
            return new GrantOutcome.NotFound();
        var (name, email, why) = (grant.Name.Trim(), grant.Email.Trim(), string.IsNullOrWhiteSpace(grant.Reason) ? null : grant.Reason.Trim());
        if (why?.Length > Appointment.ReasonLength || (why is null && actor.IsStaff))
            return new GrantOutcome.ReasonMissing();
        if (name.Length is 0 or > RelatedPerson.NameLength || !EmailAddress.IsValid(email) || !Enum.IsDefined(grant.Relationship))
            return new GrantOutcome.Incomplete();
        if (grant.Rights == CarerRights.None || (grant.Rights & ~(CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations)) != 0)
            return new GrantOutcome.NoRights();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        return await db.WriteAsync(actor, "carer.grant", why, () => GrantAsync(grant with { Name = name, Email = email }, time, cancellationToken), cancellationToken);
    }

    /// <summary>From this moment on they may do nothing any more. The patient may, staff for them with a reason, and the carer themself.</summary>
    public async Task<WithdrawOutcome> WithdrawAsync(Actor actor, RelatedPersonId id, string? reason, CancellationToken cancellationToken)
    {
        var why = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        if (why?.Length > Appointment.ReasonLength || (why is null && actor.IsStaff))
            return new WithdrawOutcome.ReasonMissing();
        return await db.WriteAsync<WithdrawOutcome>(actor, "carer.withdraw", why, async () =>
        {
            var now = clock.GetUtcNow();
            var carer = await db.RelatedPersons.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (carer is null || !(actor.MayActFor(carer.PatientId) || actor.AsCarer == id))
                return new WithdrawOutcome.NotFound();
            if (StateOf(carer, now) is not (CarerState.Invited or CarerState.Active))
                return new WithdrawOutcome.Over();
            carer.Withdraw(now);
            return new WithdrawOutcome.Withdrawn(id, await OpenRoomsAsync(carer.PatientId, now, cancellationToken));
        }, cancellationToken);
    }

    /// <summary>All that there were, the latest first; empty if the actor may not act for the patient.</summary>
    public async Task<IReadOnlyList<CarerView>> OfPatientAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(patient))
            return [];
        db.ActFor(actor);
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var rows = await db.RelatedPersons.AsNoTracking().Where(row => row.PatientId == patient).OrderByDescending(row => row.GrantedAt).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new CarerView(
            row.Id, row.Name, row.Relationship, row.Email, row.Rights, LastDayOf(row, time), time.ToLocal(row.AnswerUntil), StateOf(row, now)));
    }

    /// <summary>What carers did for the patient, the latest first; at most 100. Empty if the actor may not act for the patient.</summary>
    public async Task<IReadOnlyList<CarerAct>> ActsAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(patient))
            return [];
        db.ActFor(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var names = await db.RelatedPersons.AsNoTracking().Where(row => row.PatientId == patient).ToDictionaryAsync(row => row.Id.Value, row => row.Name, cancellationToken);
        var events = await db.AuditEvents.AsNoTracking()
            .Where(row => row.OnBehalfOf == patient && (row.Entity == nameof(Appointment) || row.Entity == nameof(WaitingList.WaitingListEntry) || row.Entity == nameof(Patient) || row.Entity == nameof(RelatedPerson)))
            .OrderByDescending(row => row.Id).Take(MostActs).ToListAsync(cancellationToken);
        var ids = events.Where(row => row.Entity == nameof(Appointment)).Select(row => new AppointmentId(row.EntityId)).Distinct().ToList();
        var starts = await db.Appointments.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id.Value, row => row.Start, cancellationToken);
        return
        [
            .. events.Where(row => names.ContainsKey(row.ActorId))
                // Looking, and coming back into a call, leave an event each time.
                .DistinctBy(row => row.Action is "carer.see" or "consultation.join" ? (row.ActorId, row.Action, row.EntityId, time.DayOf(row.At).DayNumber) : (row.ActorId, row.Action, row.EntityId, -row.Id))
                .Select(row => new CarerAct(time.ToLocal(row.At), names[row.ActorId], row.Action, starts.TryGetValue(row.EntityId, out var start) ? time.ToLocal(start) : null)),
        ];
    }

    /// <summary>The audit keeps that a carer looked.</summary>
    public async Task LookedAsync(Actor carer, CancellationToken cancellationToken)
    {
        if (carer.ActsFor is not { } patient)
            return;
        await db.WriteAsync(carer, "carer.see", reason: null, () =>
        {
            db.Audit(nameof(Patient), patient.Value, after: null);
            return Task.FromResult(true);
        }, cancellationToken);
    }

    /// <summary>Everyone whom this account acts for, or did, at any practice, by name.</summary>
    public async Task<IReadOnlyList<ActsForView>> OfSubjectAsync(string subject, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = await (
            from carer in db.RelatedPersons.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            join patient in db.Patients.IgnoreQueryFilters(PracticeFilter.Only) on carer.PatientId equals patient.Id
            join practice in db.Practices on carer.PracticeId equals practice.Id
            where carer.Subject == subject
            orderby patient.FamilyName, patient.GivenName, carer.GrantedAt descending
            select new { carer, patient, practice }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new ActsForView(
            row.carer.Id, row.patient.DisplayName, row.practice.Name, row.carer.Rights, LastDayOf(row.carer, row.practice.Time), StateOf(row.carer, now)));
    }

    /// <summary>The carer that this account is now; null if the grant is not theirs, has not begun, is withdrawn or over.</summary>
    public async Task<CarerAtPractice?> FindAsync(string subject, RelatedPersonId id, CancellationToken cancellationToken)
    {
        var row = await (
            from carer in db.RelatedPersons.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            join patient in db.Patients.IgnoreQueryFilters(PracticeFilter.Only) on carer.PatientId equals patient.Id
            join practice in db.Practices on carer.PracticeId equals practice.Id
            where carer.Id == id && carer.Subject == subject
            select new { carer, patient, practice }).SingleOrDefaultAsync(cancellationToken);
        if (row is null || !row.carer.IsActiveAt(clock.GetUtcNow()))
            return null;
        var person = new PersonAtPractice(Actor.For(row.carer), row.carer.Name, row.practice.Name, row.practice.Phone, row.practice.TimeZone);
        return new CarerAtPractice(person, row.patient.DisplayName);
    }

    /// <summary>What the link of an invitation leads to. It looks across practices: the code says which.</summary>
    /// <param name="email">The account's confirmed address; null if it has none.</param>
    public async Task<Invitation> FindInvitationAsync(string code, string subject, string? email, CancellationToken cancellationToken)
    {
        var hash = HashOf(code);
        var row = await (
            from carer in db.RelatedPersons.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            join patient in db.Patients.IgnoreQueryFilters(PracticeFilter.Only) on carer.PatientId equals patient.Id
            join practice in db.Practices on carer.PracticeId equals practice.Id
            where carer.CodeHash == hash
            select new { carer, patient, practice }).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            return new Invitation.NotFound();
        if (RefusalOf(row.carer, subject, email, clock.GetUtcNow()) is { } refusal)
            return refusal;
        var time = row.practice.Time;
        return row.carer.Status == GrantStatus.Accepted
            ? new Invitation.Accepted(row.carer.Id, row.patient.DisplayName)
            : new Invitation.Open(row.carer.Name, row.patient.DisplayName, row.practice.Name, row.carer.Rights, LastDayOf(row.carer, time), time.ToLocal(row.carer.AnswerUntil));
    }

    /// <summary>From now on this account may do what the invitation says. Sent twice by the same account it says the same.</summary>
    public Task<Invitation> AcceptAsync(string code, string subject, string? email, CancellationToken cancellationToken) =>
        AnswerAsync(code, subject, email, "carer.accept", carer => carer.Accept(subject, clock.GetUtcNow()), cancellationToken);

    public Task<Invitation> DeclineAsync(string code, string subject, string? email, CancellationToken cancellationToken) =>
        AnswerAsync(code, subject, email, "carer.decline", carer => carer.Decline(clock.GetUtcNow()), cancellationToken);

    internal static CarerState StateOf(RelatedPerson carer, DateTimeOffset now) => carer.Status switch
    {
        GrantStatus.Withdrawn => CarerState.Withdrawn,
        GrantStatus.Declined => CarerState.Declined,
        GrantStatus.Accepted => carer.IsActiveAt(now) ? CarerState.Active : CarerState.Expired,
        _ => carer.IsOpenAt(now) ? CarerState.Invited : CarerState.NotAnswered,
    };

    private async Task<GrantOutcome> GrantAsync(CarerGrant grant, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = time.DayOf(now);
        var latest = today.AddDays(RelatedPerson.Longest.Days);
        if (grant.LastDay < today || grant.LastDay > latest)
            return new GrantOutcome.WrongDay(latest);
        if (await db.Patients.AsNoTracking().SingleOrDefaultAsync(row => row.Id == grant.Patient, cancellationToken) is not { } patient)
            return new GrantOutcome.NotFound();
        if (string.Equals(patient.Email, grant.Email, StringComparison.OrdinalIgnoreCase))
            return new GrantOutcome.OwnAddress();
        var others = (await db.RelatedPersons.AsNoTracking()
                .Where(row => row.PatientId == grant.Patient && row.Until > now && (row.Status == GrantStatus.Invited || row.Status == GrantStatus.Accepted)).ToListAsync(cancellationToken))
            .FindAll(row => StateOf(row, now) is CarerState.Invited or CarerState.Active);
        if (others.Exists(row => string.Equals(row.Email, grant.Email, StringComparison.OrdinalIgnoreCase)))
            return new GrantOutcome.AlreadyThere();
        if (others.Count >= MostAtOnce)
            return new GrantOutcome.TooMany();
        // In small letters, as addresses are written here.
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var carer = Record(patient, grant, time.BoundsOf(grant.LastDay).End.ToUniversalTime(), HashOf(code), now);
        db.RelatedPersons.Add(carer);
        db.Notify(carer.PracticeId, carer.PatientId, MessageKind.CarerInvitation, now, new MessageDetails
        {
            Recipient = new MessageRecipient(carer.Name, carer.Email, Phone: null),
            Until = carer.AnswerUntil,
            Path = $"/acting-for/invitations/{code}",
        });
        return new GrantOutcome.Granted(carer.Id);
    }

    internal static RelatedPerson Record(Patient patient, CarerGrant grant, DateTimeOffset until, string codeHash, DateTimeOffset now) => new()
    {
        Id = RelatedPersonId.New(),
        PracticeId = patient.PracticeId,
        PatientId = patient.Id,
        Name = grant.Name,
        Relationship = grant.Relationship,
        Email = grant.Email,
        Rights = grant.Rights,
        GrantedAt = now,
        Until = until,
        AnswerUntil = now + RelatedPerson.ToAnswer < until ? now + RelatedPerson.ToAnswer : until,
        CodeHash = codeHash,
    };

    private async Task<Invitation> AnswerAsync(string code, string subject, string? email, string action, Action<RelatedPerson> answer, CancellationToken cancellationToken)
    {
        var hash = HashOf(code);
        var found = await db.RelatedPersons.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking().SingleOrDefaultAsync(row => row.CodeHash == hash, cancellationToken);
        if (found is null)
            return new Invitation.NotFound();
        // They answer as themselves, before there is anything that they may do.
        var self = new Actor(found.PracticeId, ActorRole.Carer, found.Id.Value) { ActsFor = found.PatientId };
        return await db.WriteAsync(self, action, reason: null, async () =>
        {
            var carer = await db.RelatedPersons.SingleAsync(row => row.Id == found.Id, cancellationToken);
            var patient = await db.Patients.AsNoTracking().SingleAsync(row => row.Id == carer.PatientId, cancellationToken);
            if (RefusalOf(carer, subject, email, clock.GetUtcNow()) is { } refusal)
                return refusal;
            if (carer.Status == GrantStatus.Invited)
                answer(carer);
            return carer.Status == GrantStatus.Accepted ? new Invitation.Accepted(carer.Id, patient.DisplayName) : new Invitation.Used();
        }, cancellationToken);
    }

    /// <summary>Why this account cannot answer; null if it can, or has accepted. Nobody but the invited learns more than that there is an invitation.</summary>
    private static Invitation? RefusalOf(RelatedPerson carer, string subject, string? email, DateTimeOffset now)
    {
        if (carer.Subject is not null && carer.Subject != subject)
            return new Invitation.Used();
        if (carer.Subject is null && !string.Equals(carer.Email, email, StringComparison.OrdinalIgnoreCase))
            return new Invitation.OtherAccount();
        return carer.Status switch
        {
            GrantStatus.Withdrawn => new Invitation.Withdrawn(),
            GrantStatus.Declined => new Invitation.Used(),
            GrantStatus.Accepted when now >= carer.Until => new Invitation.Expired(),
            GrantStatus.Invited when !carer.IsOpenAt(now) => new Invitation.Expired(),
            _ => null,
        };
    }

    /// <summary>The video appointments of a patient whose doors are open now.</summary>
    private async Task<IReadOnlyList<Room>> OpenRoomsAsync(PatientId patient, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await db.Appointments.AsNoTracking()
            .Where(row => row.PatientId == patient && row.Channel == DeliveryChannel.Video
                && (row.Status == AppointmentStatus.Booked || row.Status == AppointmentStatus.Arrived || row.Status == AppointmentStatus.CheckedIn))
            .ToListAsync(cancellationToken);
        return [.. rows.Where(row => JoinWindow.Of(row).Lets(row.Status, now)).Select(row => row.Room).OfType<Room>()];
    }

    private static DateOnly LastDayOf(RelatedPerson carer, PracticeTime time) => time.DayOf(carer.Until.AddTicks(-1));

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}

internal static class CarerQueries
{
    /// <summary>Whether this person of a call is a carer of that patient, now or before: who was there stays on record.</summary>
    public static Task<bool> IsCarerAsync(this ClinicalDbContext db, Guid person, PatientId patient, CancellationToken cancellationToken)
    {
        var id = new RelatedPersonId(person);
        return db.RelatedPersons.AnyAsync(row => row.Id == id && row.PatientId == patient, cancellationToken);
    }
}
