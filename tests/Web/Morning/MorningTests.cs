using System.Net;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Tests;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Morning;

/// <summary>
/// Dr Okafor's whole morning at speed: forty patients, their pages, both services and the hub as they are, without browsers and without pictures. The clock goes a minute at a
/// time; everything between is waited for by what it brings about.
/// </summary>
public sealed class MorningTests(ITestOutputHelper output) : WebTest
{
    private const int Patients = 40;
    private const int SlotMinutes = 6;

    /// <summary>Two days on: a Wednesday without other clinics.</summary>
    private static readonly DateTimeOffset Opening = Seed.Today(9).AddDays(2);

    private readonly List<Visit> _visits = [];
    private ScheduleId _clinic;

    private enum Story
    {
        Ordinary,

        /// <summary>Does not come.</summary>
        Missing,

        /// <summary>Leaves the waiting room and comes back.</summary>
        Returning,

        /// <summary>Asks for help.</summary>
        Worried,
    }

    private string BoardAddress => $"/clinics/{_clinic}";

    [Fact]
    public async Task Forty_patients_are_seen_in_a_morning_and_every_record_is_right()
    {
        await ArrangeAsync();
        await using var signalling = RealSignalling.Start(Web);
        Web.Time.SetUtcNow(Opening.AddMinutes(-30));
        using var amara = await Web.SignInAsync(People.Amara);
        using var helen = await Web.SignInAsync(People.Helen);
        await using var watcher = await signalling.ConnectAsync(helen, BoardAddress + "/ticket", (await helen.GetAsync(BoardAddress)).RequestToken);
        await watcher.InvokeAsync("WatchBoard");
        Visit? inCall = null;
        HubConnectionFixture? clinician = null;
        try
        {
            for (var minute = -30; _visits.Exists(visit => !visit.IsOver); minute++)
            {
                Assert.True(minute < 12 * 60, "The morning does not end.");
                Web.Time.SetUtcNow(Opening.AddMinutes(minute));
                // As the board's page does: what nobody acknowledges fills its outbox.
                await watcher.InvokeAsync("Acknowledge", watcher.Messages.Count);
                foreach (var visit in _visits.Where(visit => visit.ComesAt(minute)))
                    await ComeAsync(signalling, visit, minute);
                foreach (var visit in _visits.Where(visit => visit.IsHere && visit != inCall))
                    await WhileWaitingAsync(signalling, helen, visit, minute);
                if (inCall is not null && minute >= inCall.Ends && clinician is not null)
                {
                    await (inCall.Story == Story.Missing ? MissAsync(helen, inCall) : FinishAsync(amara, inCall, minute));
                    await clinician.DisposeAsync();
                    (inCall, clinician) = (null, null);
                }
                if (inCall is null && _visits.Find(visit => visit.Story == Story.Missing && !visit.IsOver && minute >= visit.Start + 10) is { } missing)
                {
                    // The clinician sits in the room for some minutes before somebody is said not to have come.
                    clinician = await OpenAsync(signalling, amara, missing);
                    (inCall, missing.Ends) = (missing, minute + 6);
                }
                if (inCall is null && minute >= 0 && await NextAsync(amara) is { } next)
                {
                    clinician = await OpenAsync(signalling, amara, next);
                    await AdmitAsync(signalling, clinician, next, minute);
                    inCall = next;
                }
            }
            foreach (var visit in _visits)
            {
                if (visit.Admitted is not null)
                    await signalling.Events.UntilAsync("the end of the call", async () => (await RecordAsync(visit)).Encounter?.Participants.All(stay => stay.End is not null) == true);
                await AssertRecordAsync(visit);
            }
            await AssertBoardAsync(amara, watcher);
        }
        finally
        {
            if (clinician is not null)
                await clinician.DisposeAsync();
            foreach (var visit in _visits)
                await visit.DisposeAsync();
        }
        output.WriteLine($"{_visits.Count(visit => visit.Admitted is not null)} seen, {_visits.Count(visit => visit.Story == Story.Missing)} missing; the last ended at {Opening.AddMinutes(_visits.Max(visit => visit.Ends)):HH:mm}");
    }

    /// <summary>A clinic of six minutes a patient, all booked, and who will do what.</summary>
    private async Task ArrangeAsync()
    {
        var dice = new Random(40);
        await Web.WithAsync<ClinicalDbContext, bool>(db => db.WriteAsync(Actor.System(Seed.Riverside.Id), "test.arrange", null, async () =>
        {
            var service = await db.Services.SingleAsync(row => row.Id == Seed.Gp.Id, Cancelled);
            var (schedule, slots) = Schedule.Publish(
                Seed.Amara, service, Opening, Opening.AddMinutes(Patients * SlotMinutes), PracticeTime.For("Europe/London"), shape: new SessionShape(TimeSpan.FromMinutes(SlotMinutes)));
            _clinic = schedule.Id;
            db.Schedules.Add(schedule);
            db.Slots.AddRange(slots);
            for (var number = 0; number < Patients; number++)
            {
                var account = new Account($"sub-morning-{number}", "Patient", $"Number{number:00}", $"patient{number}@example.com", "patient");
                var patient = Patient.Register(Seed.Riverside.Id, account.Subject, account.GivenName, account.FamilyName, new DateOnly(1970, 1, 1), null, null, null, WebHost.Start);
                slots[number].Sell(patient.Id, WebHost.Start);
                var appointment = Appointment.Book(slots[number], patient.Id, DeliveryChannel.Video, AppointmentReference.New(), null, WebHost.Start);
                db.Patients.Add(patient);
                db.Appointments.Add(appointment);
                var story = number % 13 == 5 ? Story.Missing : number % 11 == 3 ? Story.Returning : number % 17 == 8 ? Story.Worried : Story.Ordinary;
                _visits.Add(new Visit(account, patient, appointment.Id, number * SlotMinutes, story) { Arrives = (number * SlotMinutes) + dice.Next(-14, 4), Length = dice.Next(2, 9) });
            }
            return true;
        }, CancellationToken.None));
    }

    private async Task ComeAsync(RealSignalling signalling, Visit visit, int minute)
    {
        visit.Browser ??= await Web.SignInAsync(visit.Account);
        var call = await visit.Browser.SubmitAsync(await visit.Browser.ArriveAsync($"/consultations/{visit.Appointment}/join"), "Join");
        var hub = await signalling.ConnectAsync(visit.Browser, $"/consultations/{visit.Appointment}/ticket", call.RequestToken);
        Assert.Equal("waiting", (await hub.InvokeAsync("Join", new { })).GetProperty("phase").GetString());
        await hub.InvokeAsync("ReportDevices", new { microphone = true, camera = true });
        visit.Hub = hub;
        visit.IsHere = true;
        await signalling.Events.UntilAsync("in the waiting room", async () => (await RecordAsync(visit)).Encounter?.WaitingSince is not null);

        // Their place: those with an earlier time who wait, and those who may still come within ten minutes of theirs.
        var before = _visits.Count(other => other.Start < visit.Start && !other.IsOver && other.Admitted is null && (other.IsHere || other.Start + 10 > minute));
        var told = before switch { 0 => "You are next.", 1 => "There is 1 person before you.", _ => $"There are {before} people before you." };
        Assert.Contains(told, (await visit.Browser.GetAsync($"/consultations/{visit.Appointment}/waiting?handler=Panel")).Text, StringComparison.Ordinal);
    }

    private async Task WhileWaitingAsync(RealSignalling signalling, Browser helen, Visit visit, int minute)
    {
        var (browser, hub) = (visit.Browser ?? throw new InvalidOperationException("Not here."), visit.Hub ?? throw new InvalidOperationException("Not here."));
        if (visit.Story == Story.Returning && !visit.Done && minute > visit.Arrives)
        {
            visit.Done = true;
            visit.IsHere = false;
            await hub.InvokeAsync("Leave");
            await hub.DisposeAsync();
            await signalling.Events.UntilAsync("gone for a moment", async () => (await RecordAsync(visit)).Appointment.Status == AppointmentStatus.Booked);
            visit.Arrives = minute + 2;
        }
        if (visit.Story == Story.Worried && !visit.Done)
        {
            visit.Done = true;
            var page = await browser.GetAsync($"/consultations/{visit.Appointment}/waiting");
            var asked = await browser.PostAsync($"/consultations/{visit.Appointment}/waiting?handler=Help", [new("__RequestVerificationToken", page.RequestToken ?? "")]);
            Assert.Contains("You asked for help", asked.Main, StringComparison.Ordinal);
            await hub.NextAsync("clinicChanged");
            var board = await helen.GetAsync(BoardAddress);
            Assert.NotNull(board.Document.QuerySelector($"#help-{visit.Appointment}[data-alert=open]"));
            var seen = await helen.PostAsync($"{BoardAddress}?handler=Seen&appointment={visit.Appointment}", [new("__RequestVerificationToken", board.RequestToken ?? "")]);
            Assert.Equal(HttpStatusCode.OK, seen.Status);
            Assert.Contains("Helen Brooks saw", (await browser.GetAsync($"/consultations/{visit.Appointment}/waiting")).Main, StringComparison.Ordinal);
        }
    }

    private async Task MissAsync(Browser helen, Visit visit)
    {
        await helen.SubmitAsync(await helen.GetAsync($"/clinics/appointments/{visit.Appointment}/did-not-attend"), "Mark as did not attend");
        visit.IsOver = true;
    }

    /// <summary>Whom the board proposes.</summary>
    private async Task<Visit?> NextAsync(Browser amara)
    {
        if (!_visits.Exists(visit => visit is { IsHere: true, Admitted: null }))
            return null;
        var board = await amara.GetAsync(BoardAddress);
        var proposed = board.Document.QuerySelector("[data-next]")?.GetAttribute("data-next");
        return Assert.Single(_visits, visit => visit.Appointment.ToString() == proposed);
    }

    private static async Task<HubConnectionFixture> OpenAsync(RealSignalling signalling, Browser amara, Visit visit)
    {
        var page = await amara.GetAsync($"/clinics/consultations/{visit.Appointment}");
        var clinician = await signalling.ConnectAsync(amara, $"/consultations/{visit.Appointment}/ticket", page.RequestToken);
        await clinician.InvokeAsync("Join", new { });
        return clinician;
    }

    private async Task AdmitAsync(RealSignalling signalling, HubConnectionFixture clinician, Visit visit, int minute)
    {
        await clinician.InvokeAsync("Admit", visit.Appointment.ToString());
        var hub = visit.Hub ?? throw new InvalidOperationException("Nobody to let in.");
        await hub.NextAsync("phaseChanged", message => message.GetProperty("phase").GetString() == "inCall");
        (visit.Admitted, visit.Ends) = (minute, minute + visit.Length);
        await signalling.Events.UntilAsync("let in", async () =>
            (await RecordAsync(visit)) is { Appointment.Status: AppointmentStatus.CheckedIn, Encounter: { } encounter } && encounter.Participants.Any(stay => stay.Role == ConsultationRole.Patient));
    }

    private async Task FinishAsync(Browser amara, Visit visit, int minute)
    {
        var page = await amara.GetAsync($"/clinics/consultations/{visit.Appointment}");
        var board = await amara.SubmitAsync(page, "Yes, finish the consultation", ("Note", $"Seen. {visit.Account.FamilyName}"));
        Assert.Equal(BoardAddress, board.Path);
        var hub = visit.Hub ?? throw new InvalidOperationException("Nobody to finish with.");
        Assert.Equal("finished", (await hub.NextAsync("ended")).GetProperty("reason").GetString());
        (visit.IsHere, visit.IsOver, visit.Ends) = (false, true, minute);
    }

    private Task<(Appointment Appointment, Encounter? Encounter, EncounterNote? Note)> RecordAsync(Visit visit) =>
        Web.WithAsync<ClinicalDbContext, (Appointment, Encounter?, EncounterNote?)>(async db =>
        {
            db.ActFor(Actor.System(Seed.Riverside.Id));
            var appointment = await db.Appointments.AsNoTracking().SingleAsync(row => row.Id == visit.Appointment, Cancelled);
            var encounter = await db.Encounters.AsNoTracking().Include(row => row.History).Include(row => row.Participants)
                .SingleOrDefaultAsync(row => row.AppointmentId == visit.Appointment && row.Status != EncounterStatus.Cancelled, Cancelled);
            var note = encounter is null ? null : await db.EncounterNotes.AsNoTracking().SingleOrDefaultAsync(row => row.EncounterId == encounter.Id, Cancelled);
            return (appointment, encounter, note);
        });

    private async Task AssertRecordAsync(Visit visit)
    {
        var (appointment, encounter, note) = await RecordAsync(visit);
        if (visit.Story == Story.Missing)
        {
            Assert.Equal((AppointmentStatus.NoShow, null), (appointment.Status, encounter));
            return;
        }
        var (admitted, ended) = (Opening.AddMinutes(visit.Admitted ?? throw new InvalidOperationException("Never seen.")), Opening.AddMinutes(visit.Ends));
        Assert.Equal(AppointmentStatus.Fulfilled, appointment.Status);
        Assert.NotNull(encounter);
        Assert.Equal((EncounterStatus.Finished, admitted, ended, null), (encounter.Status, encounter.Start, encounter.End, encounter.WaitingSince));
        Assert.Equal([EncounterStatus.Planned, EncounterStatus.Arrived, EncounterStatus.InProgress, EncounterStatus.Finished], encounter.History.OrderBy(change => change.Sequence).Select(change => change.Status));
        Assert.Equal(
            [(visit.Patient.Id.Value, ConsultationRole.Patient, admitted, ended), (Seed.Amara.Id.Value, ConsultationRole.Clinician, admitted, ended)],
            encounter.Participants.OrderBy(stay => stay.Role).Select(stay => (stay.PersonId, stay.Role, stay.Start, stay.End ?? DateTimeOffset.MinValue)));
        Assert.Equal(($"Seen. {visit.Account.FamilyName}", ended), (note?.Text, note?.SignedAt));
    }

    private async Task AssertBoardAsync(Browser amara, HubConnectionFixture watcher)
    {
        var board = await amara.GetAsync(BoardAddress);
        string Shown(Visit visit) => board.Document.QuerySelector($"tr[data-consultation-id='{visit.Appointment}'] [data-status]")?.TextContent.Trim() ?? "";
        Assert.All(_visits, visit => Assert.Equal(visit.Story == Story.Missing ? "Did not attend" : "Done", Shown(visit)));
        Assert.Null(board.Document.QuerySelector("[data-next]"));
        Assert.Null(board.Document.QuerySelector("[data-alert=open]"));
        var asked = await Web.WithAsync<ClinicalDbContext, int>(async db =>
        {
            db.ActFor(Actor.System(Seed.Riverside.Id));
            return await db.HelpRequests.CountAsync(request => request.SeenByName == "Helen Brooks", Cancelled);
        });
        Assert.Equal(_visits.Count(visit => visit.Story == Story.Worried), asked);

        // The board that was watched all morning shows the same: the last row of each says that it has ended.
        var last = watcher.Messages.Where(message => message.GetProperty("type").GetString() == "board").SelectMany(message => message.GetProperty("rows").EnumerateArray())
            .GroupBy(row => row.GetProperty("consultationId").GetString()).ToDictionary(rows => rows.Key ?? "", rows => rows.Last().GetProperty("state").GetString());
        Assert.All(_visits.Where(visit => visit.Story != Story.Missing), visit => Assert.Equal("ended", last[visit.Appointment.ToString()]));
        Assert.False(watcher.IsClosed);
    }

    /// <summary>One patient's morning. Times are minutes from the opening.</summary>
    private sealed class Visit(Account account, Patient patient, AppointmentId appointment, int start, Story story) : IAsyncDisposable
    {
        public Account Account => account;

        public Patient Patient => patient;

        public AppointmentId Appointment => appointment;

        public int Start => start;

        public Story Story => story;

        public int Arrives { get; set; }

        public int Length { get; init; }

        public Browser? Browser { get; set; }

        public HubConnectionFixture? Hub { get; set; }

        public bool IsHere { get; set; }

        public bool IsOver { get; set; }

        /// <summary>Their story has been told.</summary>
        public bool Done { get; set; }

        public int? Admitted { get; set; }

        public int Ends { get; set; }

        /// <summary>They come now, for the first time or again.</summary>
        public bool ComesAt(int minute) => story != Story.Missing && !IsHere && !IsOver && minute >= Arrives;

        public async ValueTask DisposeAsync()
        {
            Browser?.Dispose();
            if (Hub is not null)
                await Hub.DisposeAsync();
        }
    }
}
