using System.Globalization;
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

namespace Telemedicine.Clinical.Guests;

/// <summary>
/// Who is invited to one consultation, and how they prove that it is them. The patient invites, practice staff, and the clinician whose consultation it is.
/// </summary>
public sealed class GuestService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Guests of one consultation, besides the patient.</summary>
    public const int MostAtOnce = 8;

    private static readonly GuestRole[] OfPatient = [GuestRole.Family, GuestRole.Interpreter];
    private static readonly GuestRole[] OfPractice = [GuestRole.Interpreter, GuestRole.Family, GuestRole.Student, GuestRole.Colleague, GuestRole.Patient];

    /// <summary>Records the guest and, if an address or number is given, has a link sent there. A patient's goes where the practice reaches them.</summary>
    public async Task<InviteOutcome> InviteAsync(Actor actor, AppointmentId id, GuestRequest request, CancellationToken cancellationToken)
    {
        var (name, email, phone) = (request.Name.Trim(), Blank(request.Email), Blank(request.Phone));
        if (request.Role != GuestRole.Patient && name.Length is 0 or > Guest.NameLength)
            return new InviteOutcome.NameMissing();
        if (email is not null && !EmailAddress.IsValid(email))
            return new InviteOutcome.WrongEmail();
        if (phone?.Length > 30)
            return new InviteOutcome.WrongPhone();
        return await db.WriteAsync<InviteOutcome>(actor, "guest.invite", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await FindAsync(actor, id, cancellationToken) is not { } appointment)
                return new InviteOutcome.NotFound();
            if (!RolesFor(actor).Contains(request.Role))
                return new InviteOutcome.WrongRole();
            if (OverOf(appointment, now) is not null)
                return new InviteOutcome.Closed();
            if (request.Role == GuestRole.Patient)
            {
                var self = await PatientsOwnAsync(appointment, now, cancellationToken);
                self.Forgive();
                Send(appointment, self, null, now);
                return new InviteOutcome.Invited(self.Id, null, Sent: true);
            }
            if (await db.Guests.CountAsync(row => row.AppointmentId == id && row.RevokedAt == null && row.Role != GuestRole.Patient, cancellationToken) >= MostAtOnce)
                return new InviteOutcome.TooMany();
            var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
            var guest = Record(appointment, request.Role, name, email, phone, code, now);
            db.Guests.Add(guest);
            if (email is not null || phone is not null)
                Send(appointment, guest, new MessageRecipient(name, email, phone), now);
            return new InviteOutcome.Invited(guest.Id, code, Sent: email is not null || phone is not null);
        }, cancellationToken);
    }

    /// <summary>A new link for whoever invites to hand on, beside those that were given out.</summary>
    /// <returns>Its path from the root, or null if the guest is not theirs, or their time is over.</returns>
    public Task<string?> LinkAsync(Actor actor, AppointmentId id, GuestId guestId, CancellationToken cancellationToken) =>
        db.WriteAsync(actor, "guest.link", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await FindAsync(actor, id, cancellationToken) is not { } appointment || OverOf(appointment, now) is not null)
                return null;
            var guest = await db.Guests.SingleOrDefaultAsync(row => row.Id == guestId && row.AppointmentId == id && row.RevokedAt == null, cancellationToken);
            guest?.Forgive();
            return guest is null ? null : NewLink(guest, appointment, now);
        }, cancellationToken);

    /// <summary>The guest may not be there any more, and their links lead nowhere. Null if there is no such guest of theirs.</summary>
    public Task<RevokedGuest?> RevokeAsync(Actor actor, AppointmentId id, GuestId guestId, CancellationToken cancellationToken) =>
        db.WriteAsync(actor, "guest.revoke", reason: null, async () =>
        {
            if (await FindAsync(actor, id, cancellationToken) is null)
                return null;
            var guest = await db.Guests.SingleOrDefaultAsync(row => row.Id == guestId && row.AppointmentId == id, cancellationToken);
            guest?.Revoke(clock.GetUtcNow());
            return guest is null ? null : new RevokedGuest(guest.Name, guest.Seat);
        }, cancellationToken);

    /// <summary>Null if the actor may not invite to this appointment.</summary>
    public async Task<GuestList?> OfAppointmentAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (await FindAsync(actor, id, cancellationToken) is not { } appointment)
            return null;
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var patient = await db.Patients.AsNoTracking().SingleAsync(row => row.Id == appointment.PatientId, cancellationToken);
        var practitioner = await db.Practitioners.AsNoTracking().SingleAsync(row => row.Id == appointment.PractitionerId, cancellationToken);
        var service = await db.Services.AsNoTracking().SingleAsync(row => row.Id == appointment.ServiceId, cancellationToken);
        // A patient did not invite themself.
        var guests = await db.Guests.AsNoTracking().Where(row => row.AppointmentId == id && (actor.IsStaff || row.Role != GuestRole.Patient)).OrderBy(row => row.InvitedAt).ToListAsync(cancellationToken);
        return new GuestList(
            id, patient.DisplayName, patient.Subject is not null, service.Name, practitioner.DisplayName, time.ToLocal(appointment.Start), OverOf(appointment, clock.GetUtcNow()) is null, RolesFor(actor),
            guests.ConvertAll(row => new GuestView(row.Id, row.Role, row.Name, row.Email, row.Phone, row.Code, row.RevokedAt is not null, row.IsSpent, time.ToLocal(row.SeatedAt))));
    }

    /// <summary>What a link leads to; looking changes nothing. Null if there is no such link. It looks across practices: the code says which.</summary>
    public async Task<GuestLinkView?> FindLinkAsync(string code, CancellationToken cancellationToken) =>
        await RowAsync(code, cancellationToken) is var (link, guest, appointment, practice) ? ViewOf(link, guest, appointment, practice, clock.GetUtcNow()) : null;

    /// <summary>Somebody says what only the guest knows.</summary>
    /// <param name="takeOver">The consultation is open in another browser of the guest's, and is to move here.</param>
    public async Task<ConfirmOutcome> ConfirmAsync(string code, GuestAnswer answer, bool takeOver, CancellationToken cancellationToken)
    {
        if (await RowAsync(code, cancellationToken) is not var (link, found, _, practice))
            return new ConfirmOutcome.Refused(null);
        return await db.WriteAsync<ConfirmOutcome>(Actor.For(found), "guest.confirm", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            var guest = await db.Guests.SingleAsync(row => row.Id == found.Id, cancellationToken);
            var appointment = await db.Appointments.AsNoTracking().SingleAsync(row => row.Id == guest.AppointmentId, cancellationToken);
            if (ViewOf(link, guest, appointment, practice, now) is var view and not GuestLinkView.Open)
                return new ConfirmOutcome.Refused(view);
            if (!await IsRightAsync(guest, answer, cancellationToken))
            {
                guest.AnswerWrong(now);
                return guest.RestsAt(now) || guest.IsSpent
                    ? new ConfirmOutcome.Refused(ViewOf(link, guest, appointment, practice, now))
                    : new ConfirmOutcome.Wrong(Guest.WrongBeforeRest - guest.WrongAnswers % Guest.WrongBeforeRest);
            }
            if (guest is { Seat: not null, SeatedAt: { } since } && !takeOver)
                return new ConfirmOutcome.Taken(practice.Time.ToLocal(since));
            var former = guest.Seat;
            var seat = Guid.NewGuid();
            guest.Sit(seat, now);
            return new ConfirmOutcome.Confirmed(guest.Id, seat, former);
        }, cancellationToken);
    }

    /// <summary>The guest whose browser this is; null if the seat was given to another, the invitation is taken back, or the appointment over.</summary>
    public async Task<GuestAtConsultation?> FindSeatAsync(GuestId id, Guid seat, CancellationToken cancellationToken)
    {
        var row = await (
            from guest in db.Guests.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            join appointment in db.Appointments.IgnoreQueryFilters(PracticeFilter.Only) on guest.AppointmentId equals appointment.Id
            join patient in db.Patients.IgnoreQueryFilters(PracticeFilter.Only) on guest.PatientId equals patient.Id
            join practitioner in db.Practitioners.IgnoreQueryFilters(PracticeFilter.Only) on appointment.PractitionerId equals practitioner.Id
            join service in db.Services.IgnoreQueryFilters(PracticeFilter.Only) on appointment.ServiceId equals service.Id
            join practice in db.Practices on guest.PracticeId equals practice.Id
            where guest.Id == id && guest.Seat == seat && guest.RevokedAt == null
            select new { guest, appointment, patient, practitioner, service, practice }).SingleOrDefaultAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (row is null || OverOf(row.appointment, now) is not null)
            return null;
        var window = JoinWindow.Of(row.appointment);
        var time = row.practice.Time;
        return new GuestAtConsultation(
            id, seat, row.guest.Role, row.guest.Name, row.appointment.Id, row.patient.DisplayName, row.service.Name, row.practitioner.DisplayName, row.practice.Name, row.practice.Phone, row.practice.TimeZone,
            time.ToLocal(row.appointment.Start), window.Lets(row.appointment.Status, now) ? null : time.ToLocal(window.OpensAt), Actor.For(row.guest));
    }

    /// <summary>The link that a message carries: of the guest whom it invites, or of the patient whose video appointment it tells of. Made anew for each try, since only its hash is kept.</summary>
    /// <returns>Its path from the root; null if this message carries none.</returns>
    public async Task<string?> LinkForMessageAsync(PracticeId practice, MessageKind kind, MessageTopic topic, CancellationToken cancellationToken)
    {
        var invited = topic.Facts.Details.Guest;
        var tellsOfVideo = kind is MessageKind.Booked or MessageKind.Moved or MessageKind.ClinicMoved or MessageKind.Reminder && topic is { Appointment: not null, Facts.Channel: DeliveryChannel.Video };
        if (invited is null && !tellsOfVideo)
            return null;
        return await db.WriteAsync(Actor.System(practice), "guest.link", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            var guest = invited is null ? null : await db.Guests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == new GuestId(invited.Value), cancellationToken);
            var id = guest?.AppointmentId ?? topic.Appointment;
            if (await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment || OverOf(appointment, now) is not null)
                return null;
            guest ??= await PatientsOwnAsync(appointment, now, cancellationToken);
            return guest.RevokedAt is null ? NewLink(guest, appointment, now) : null;
        }, cancellationToken);
    }

    /// <summary>Why nobody joins this appointment by a link any more; null while they may, now or later.</summary>
    internal static LinkOver? OverOf(Appointment appointment, DateTimeOffset now) => appointment switch
    {
        { Status: AppointmentStatus.Fulfilled } => LinkOver.Finished,
        { Status: AppointmentStatus.NoShow } => LinkOver.Missed,
        { Status: AppointmentStatus.CheckedIn, Room: not null } => null,
        { Status: not (AppointmentStatus.Booked or AppointmentStatus.Arrived) } => LinkOver.Cancelled,
        _ => appointment.Room is null || now > JoinWindow.Of(appointment).ClosesAt ? LinkOver.Closed : null,
    };

    private static GuestRole[] RolesFor(Actor actor) => actor.AsPatient is null ? OfPractice : OfPatient;

    /// <summary>The appointment, if the actor may invite to it.</summary>
    private async Task<Appointment?> FindAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        var appointment = await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.Status != AppointmentStatus.EnteredInError, cancellationToken);
        return appointment is not null && (actor.IsStaff || actor.AsPatient == appointment.PatientId || actor.AsPractitioner == appointment.PractitionerId) ? appointment : null;
    }

    private async Task<Guest> PatientsOwnAsync(Appointment appointment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var guest = await db.Guests.Where(row => row.AppointmentId == appointment.Id && row.Role == GuestRole.Patient && row.RevokedAt == null).OrderBy(row => row.InvitedAt).FirstOrDefaultAsync(cancellationToken);
        if (guest is not null)
            return guest;
        var patient = await db.Patients.AsNoTracking().SingleAsync(row => row.Id == appointment.PatientId, cancellationToken);
        guest = Record(appointment, GuestRole.Patient, patient.DisplayName, null, null, null, now);
        db.Guests.Add(guest);
        return guest;
    }

    private static Guest Record(Appointment appointment, GuestRole role, string name, string? email, string? phone, string? code, DateTimeOffset now) => new()
    {
        Id = GuestId.New(),
        PracticeId = appointment.PracticeId,
        AppointmentId = appointment.Id,
        PatientId = appointment.PatientId,
        Role = role,
        Name = name.Length > Guest.NameLength ? name[..Guest.NameLength] : name,
        Email = email,
        Phone = phone,
        Code = code,
        InvitedAt = now,
    };

    private void Send(Appointment appointment, Guest guest, MessageRecipient? recipient, DateTimeOffset now) =>
        db.Invite(appointment, now, new MessageDetails { Recipient = recipient, Guest = guest.Id.Value });

    private string NewLink(Guest guest, Appointment appointment, DateTimeOffset now)
    {
        // In small letters, as addresses are written here.
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        db.GuestLinks.Add(new GuestLink { CodeHash = HashOf(code), PracticeId = guest.PracticeId, GuestId = guest.Id, Start = appointment.Start, MadeAt = now });
        return $"/join/{code}";
    }

    private async Task<(GuestLink Link, Guest Guest, Appointment Appointment, Practice Practice)?> RowAsync(string code, CancellationToken cancellationToken)
    {
        var hash = HashOf(code);
        var row = await (
            from link in db.GuestLinks.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            join guest in db.Guests.IgnoreQueryFilters(PracticeFilter.Only) on link.GuestId equals guest.Id
            join appointment in db.Appointments.IgnoreQueryFilters(PracticeFilter.Only) on guest.AppointmentId equals appointment.Id
            join practice in db.Practices on link.PracticeId equals practice.Id
            where link.CodeHash == hash
            select new { link, guest, appointment, practice }).SingleOrDefaultAsync(cancellationToken);
        return row is null ? null : (row.link, row.guest, row.appointment, row.practice);
    }

    private static GuestLinkView ViewOf(GuestLink link, Guest guest, Appointment appointment, Practice practice, DateTimeOffset now)
    {
        var time = practice.Time;
        if (guest.RevokedAt is not null)
            return new GuestLinkView.Over(practice.Name, practice.Phone, LinkOver.Revoked);
        if (OverOf(appointment, now) is { } over)
            return new GuestLinkView.Over(practice.Name, practice.Phone, over);
        if (guest.IsSpent || guest.RestsAt(now))
            return new GuestLinkView.Resting(practice.Name, practice.Phone, guest.IsSpent ? null : time.ToLocal(guest.RestsUntil));
        return new GuestLinkView.Open(
            practice.Name, practice.Phone, guest.Id, guest.Role, time.ToLocal(appointment.Start), link.Start == appointment.Start ? null : time.ToLocal(link.Start));
    }

    private async Task<bool> IsRightAsync(Guest guest, GuestAnswer answer, CancellationToken cancellationToken)
    {
        if (guest.Role == GuestRole.Patient)
            return (await db.Patients.AsNoTracking().SingleAsync(row => row.Id == guest.PatientId, cancellationToken)).DateOfBirth == answer.DateOfBirth;
        return guest.Code is { } code && answer.Code is { } given && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(code), Encoding.UTF8.GetBytes(given.Replace(" ", "", StringComparison.Ordinal)));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}

internal static class GuestQueries
{
    /// <summary>Whether this person of a call was invited to it, now or before: who was there stays on record.</summary>
    public static Task<bool> IsGuestAsync(this ClinicalDbContext db, Guid person, AppointmentId appointment, CancellationToken cancellationToken)
    {
        var id = new GuestId(person);
        return db.Guests.AnyAsync(row => row.Id == id && row.AppointmentId == appointment, cancellationToken);
    }
}
