using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Audit;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Tests;

/// <summary>What a carer may do, and everything that was not granted.</summary>
public sealed class CarerTests
{
    private const string Grace = "subject-grace";
    private const string Address = "grace.hughes@example.com";
    private const CarerRights Everything = CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each act of a carer with the right that it needs (None: nobody grants it). It answers whether it was done or shown.</summary>
    private static readonly Dictionary<string, (CarerRights Needs, Func<World, Actor, Task<bool>> Try)> Acts = new()
    {
        ["see a past appointment in the list"] = (CarerRights.SeeAppointments, async (world, carer) => (await world.ListAsync(carer)).Past.Any(row => row.Id == world.Past)),
        ["see a past appointment"] = (CarerRights.SeeAppointments, async (world, carer) => await world.FindAsync(carer, world.Past) is not null),
        ["see a cancelled appointment"] = (CarerRights.SeeAppointments, async (world, carer) => await world.FindAsync(carer, world.Gone) is not null),
        ["book"] = (CarerRights.ChangeAppointments, async (world, carer) => await world.Clinic.BookAsync(world.Free[0], world.Patient, carer) is BookOutcome.Booked),
        ["hold"] = (CarerRights.ChangeAppointments, async (world, carer) => await world.Clinic.HoldAsync(world.Free[0], world.Patient, carer) is HoldOutcome.Held),
        ["let go of a hold"] = (CarerRights.ChangeAppointments, async (world, carer) =>
        {
            await world.Clinic.HoldAsync(world.Free[0], world.Patient);
            await world.Clinic.AskAsync<BookingService, bool>(async booking =>
            {
                await booking.ReleaseHoldsAsync(carer, world.Patient.Id, Cancel);
                return true;
            });
            return (await world.Clinic.SlotAsync(world.Free[0].Id)).Status == SlotStatus.Free;
        }
        ),
        ["find a held time"] = (CarerRights.ChangeAppointments, async (world, carer) =>
        {
            await world.Clinic.HoldAsync(world.Free[0], world.Patient);
            return await world.Clinic.AskAsync<AvailabilityService, AvailableSlot?>(service => service.HeldAsync(carer, world.Patient.Id, Cancel)) is not null;
        }
        ),
        ["book a series"] = (CarerRights.ChangeAppointments, async (world, carer) =>
            await world.Clinic.AskAsync<BookingService, SeriesOutcome>(booking => booking.BookSeriesAsync(carer, world.Series, Cancel)) is SeriesOutcome.Booked),
        ["see a series' dates"] = (CarerRights.ChangeAppointments, async (world, carer) =>
            (await world.Clinic.AskAsync<BookingService, IReadOnlyList<SeriesDate>>(booking => booking.SeriesDatesAsync(carer, world.Series, Cancel))).Count > 0),
        ["move"] = (CarerRights.ChangeAppointments, async (world, carer) => await world.Clinic.MoveAsync(world.Coming, world.Free[1], carer) is MoveOutcome.Moved),
        ["cancel"] = (CarerRights.ChangeAppointments, async (world, carer) => await world.Clinic.CancelAsync(world.Coming, carer) is CancelOutcome.Cancelled),
        ["hold another way"] = (CarerRights.ChangeAppointments, async (world, carer) =>
            await world.Clinic.AskAsync<BookingService, SwitchOutcome>(booking => booking.SwitchChannelAsync(carer, world.Coming, DeliveryChannel.Telephone, Cancel)) is SwitchOutcome.Switched),
        ["join the waiting list"] = (CarerRights.ChangeAppointments, async (world, carer) => await world.WaitAsync(carer) is WaitOutcome.Joined),
        ["leave the waiting list"] = (CarerRights.ChangeAppointments, async (world, carer) =>
        {
            var joined = Assert.IsType<WaitOutcome.Joined>(await world.WaitAsync(Actor.For(world.Patient)));
            return await world.Clinic.AskAsync<WaitingLists, bool>(lists => lists.LeaveAsync(carer, joined.Entry, Cancel));
        }
        ),
        ["see the waiting list"] = (CarerRights.ChangeAppointments, async (world, carer) =>
        {
            await world.WaitAsync(Actor.For(world.Patient));
            return (await world.Clinic.AskAsync<WaitingLists, IReadOnlyList<WaitingView>>(lists => lists.OfPatientAsync(carer, world.Patient.Id, Cancel))).Count > 0;
        }
        ),
        ["see an offer"] = (CarerRights.ChangeAppointments, async (world, carer) =>
        {
            var offer = await world.OfferedAsync();
            return await world.Clinic.AskAsync<WaitingLists, OfferView?>(lists => lists.FindOfferAsync(carer, offer, Cancel)) is not null;
        }
        ),
        ["take an offer"] = (CarerRights.ChangeAppointments, async (world, carer) =>
        {
            var offer = await world.OfferedAsync();
            return await world.Clinic.AskAsync<BookingService, AcceptOutcome>(booking => booking.AcceptAsync(carer, offer, Cancel)) is AcceptOutcome.Accepted;
        }
        ),
        ["decline an offer"] = (CarerRights.ChangeAppointments, async (world, carer) =>
        {
            var offer = await world.OfferedAsync();
            return await world.Clinic.AskAsync<WaitingLists, bool>(lists => lists.DeclineAsync(carer, offer, Cancel));
        }
        ),
        ["join the call"] = (CarerRights.JoinConsultations, async (world, carer) =>
            await world.Clinic.AskAsync<ConsultationService, JoinOutcome>(consultations => consultations.JoinAsync(carer, world.Soon, Cancel)) is JoinOutcome.Ok),
        ["be told that they can join"] = (CarerRights.JoinConsultations, async (world, carer) => await world.FindAsync(carer, world.Soon) is { CanJoin: true }),
        ["read what the patient needs"] = (CarerRights.None, async (world, carer) =>
            await world.Clinic.AskAsync<AccessNeedsService, AccessNeedsView?>(needs => needs.FindAsync(carer, world.Patient.Id, Cancel)) is not null),
        ["write what the patient needs"] = (CarerRights.None, async (world, carer) =>
            await world.Clinic.AskAsync<AccessNeedsService, SaveNeedsOutcome>(needs => needs.SaveAsync(carer, world.Patient.Id, World.Needs, Cancel)) == SaveNeedsOutcome.Saved),
        ["read how the patient is reminded"] = (CarerRights.None, async (world, carer) =>
            await world.Clinic.AskAsync<ReminderChoices, ReminderWay?>(choices => choices.FindAsync(carer, world.Patient.Id, Cancel)) is not null),
        ["stop reminders"] = (CarerRights.None, async (world, carer) =>
            await world.Clinic.AskAsync<ReminderChoices, bool>(choices => choices.ChooseAsync(carer, world.Patient.Id, ReminderWay.None, Cancel))),
        ["read the patient's record"] = (CarerRights.None, async (world, carer) =>
            await world.Clinic.AskAsync<PatientService, PatientView?>(patients => patients.OpenAsync(carer, world.Patient.Id, Cancel)) is not null),
        ["read messages"] = (CarerRights.None, async (world, carer) => (await world.Clinic.AskAsync<MessageQueries, IReadOnlyList<MessageView>>(messages => messages.SentAsync(carer, Cancel))).Count > 0),
        ["invite another carer"] = (CarerRights.None, async (world, carer) =>
            await world.Clinic.AskAsync<CarerService, GrantOutcome>(carers => carers.GrantAsync(carer, world.Grant(Everything) with { Email = "other@example.com" }, Cancel)) is GrantOutcome.Granted),
        ["see the carers"] = (CarerRights.None, async (world, carer) =>
            (await world.Clinic.AskAsync<CarerService, IReadOnlyList<CarerView>>(carers => carers.OfPatientAsync(carer, world.Patient.Id, Cancel))).Count > 0),
        ["see what carers did"] = (CarerRights.None, async (world, carer) =>
            (await world.Clinic.AskAsync<CarerService, IReadOnlyList<CarerAct>>(carers => carers.ActsAsync(carer, world.Patient.Id, Cancel))).Count > 0),
        ["read the appointment's history"] = (CarerRights.None, (world, carer) => world.NotThrownAsync<AppointmentHistory>(history => history.OfAsync(carer, world.Coming, Cancel))),
        ["search for patients"] = (CarerRights.None, (world, carer) => world.NotThrownAsync<PatientService>(patients => patients.SearchAsync(carer, "hughes", Cancel))),
        ["open the consultation as its clinician"] = (CarerRights.None, (world, carer) => world.NotThrownAsync<ConsultationService>(service => service.OpenAsync(carer, world.Soon, Cancel))),
        ["watch the clinic's board"] = (CarerRights.None, async (world, carer) =>
            await world.Clinic.AskAsync<ConsultationService, TicketFacts?>(service => service.WatchAsync(carer, world.SoonClinic, Cancel)) is not null),
        ["see who waits"] = (CarerRights.None, (world, carer) => world.NotThrownAsync<WaitingListDesk>(desk => desk.ListAsync(carer, Cancel))),
        ["mark as missed"] = (CarerRights.None, (world, carer) =>
            world.NotThrownAsync<AttendanceService>(service => service.MarkMissedAsync(carer, world.Soon, Absence.DidNotAttend, Cancel))),
        ["see how the call was"] = (CarerRights.None, async (world, carer) =>
            (await world.Clinic.AskAsync<CallQualities, IReadOnlyList<PersonCallQuality>>(qualities => qualities.OfAsync(carer, world.Past, Cancel))).Count > 0),
    };

    public static TheoryData<string, int> Matrix
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var act in Acts.Keys)
            {
                for (var rights = 1; rights <= (int)Everything; rights++)
                    cases.Add(act, rights);
            }
            return cases;
        }
    }

    public static TheoryData<string> Every => [.. Acts.Keys];

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_act_is_possible_with_its_right_and_with_no_other(string act, int rights)
    {
        await using var world = await World.CreateAsync();
        var carer = await world.CarerAsync((CarerRights)rights);
        var (needs, tryIt) = Acts[act];

        var done = await world.TryAsync(tryIt, carer);

        Assert.Equal(needs != CarerRights.None && ((CarerRights)rights).HasFlag(needs), done);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Nothing_is_possible_for_another_patient(string act)
    {
        await using var world = await World.CreateAsync();
        var other = await world.Clinic.AddPatientAsync("Mohammed", "Iqbal");
        var carer = await world.CarerAsync(Everything, other);

        Assert.False(await world.TryAsync(Acts[act].Try, carer));
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Nothing_is_possible_at_another_practice(string act)
    {
        await using var world = await World.CreateAsync();
        await using var neighbour = await World.CreateAsync(world.Clinic);
        var carer = await neighbour.CarerAsync(Everything);

        Assert.False(await world.TryAsync(Acts[act].Try, carer));
    }

    [Theory]
    [InlineData("withdrawn")]
    [InlineData("over")]
    [InlineData("not answered")]
    [InlineData("declined")]
    [InlineData("another account")]
    public async Task Without_a_standing_grant_there_is_no_carer_and_rights_read_before_write_nothing(string how)
    {
        await using var world = await World.CreateAsync();
        var today = world.Clinic.Practice.Time.DayOf(world.Clinic.Now);
        var id = await world.GrantedAsync(Everything, how == "over" ? today : null);
        var code = await world.CodeAsync();
        if (how == "declined")
            await world.CarersAsync(carers => carers.DeclineAsync(code, Grace, Address, Cancel));
        else if (how != "not answered")
            await world.CarersAsync(carers => carers.AcceptAsync(code, Grace, Address, Cancel));
        var held = how is "not answered" or "declined" ? null : await world.FoundAsync(id);
        if (how == "withdrawn")
            Assert.IsType<WithdrawOutcome.Withdrawn>(await world.CarersAsync(carers => carers.WithdrawAsync(Actor.For(world.Patient), id, null, Cancel)));
        if (how == "over")
            world.Clinic.Clock.SetUtcNow(await world.Clinic.ReadAsync(db => db.RelatedPersons.Where(row => row.Id == id).Select(row => row.Until).SingleAsync(Cancel)));

        Assert.Null(await world.CarersAsync(carers => carers.FindAsync(how == "another account" ? "someone" : Grace, id, Cancel)));
        if (held is not null && how != "another account")
        {
            foreach (var act in Acts.Where(act => act.Value.Needs == CarerRights.ChangeAppointments && !act.Key.StartsWith("see ", StringComparison.Ordinal) && !act.Key.StartsWith("find ", StringComparison.Ordinal)))
                Assert.False(await world.TryAsync(act.Value.Try, held), act.Key);
        }
    }

    [Fact]
    public async Task Withdrawn_in_the_moment_between_page_and_write_nothing_is_written()
    {
        await using var world = await World.CreateAsync();
        var carer = await world.CarerAsync(Everything);
        await world.CarersAsync(carers => carers.WithdrawAsync(Actor.For(world.Patient), new RelatedPersonId(carer.PersonId), null, Cancel));

        await Assert.ThrowsAsync<NotAllowedException>(() => world.Clinic.BookAsync(world.Free[0], world.Patient, carer));
        await Assert.ThrowsAsync<NotAllowedException>(() => world.Clinic.CancelAsync(world.Coming, carer));

        Assert.Equal(SlotStatus.Free, (await world.Clinic.SlotAsync(world.Free[0].Id)).Status);
        Assert.Equal(AppointmentStatus.Booked, (await world.Clinic.AppointmentAsync(world.Coming)).Status);
    }

    [Fact]
    public async Task Rights_that_were_never_granted_write_nothing_even_if_an_actor_claims_them()
    {
        await using var world = await World.CreateAsync();
        var carer = await world.CarerAsync(CarerRights.SeeAppointments);

        await Assert.ThrowsAsync<NotAllowedException>(() => world.Clinic.BookAsync(world.Free[0], world.Patient, carer with { Rights = Everything }));
    }

    [Theory]
    [InlineData(CarerRights.SeeAppointments, 4)]
    [InlineData(CarerRights.ChangeAppointments, 2)]
    [InlineData(CarerRights.JoinConsultations, 2)]
    public async Task A_carer_is_shown_only_what_their_rights_need(CarerRights rights, int shown)
    {
        await using var world = await World.CreateAsync();
        var carer = await world.CarerAsync(rights);

        var list = await world.ListAsync(carer);

        Assert.Equal(shown, list.Coming.Count + list.Past.Count);
        Assert.All(list.Coming.Concat(list.Past), row => Assert.Null(row.ReasonForVisit));
        Assert.All(list.Coming.Concat(list.Past), row => Assert.Null(row.CancellationReason));
        Assert.All(list.Coming, row => Assert.Equal(rights == CarerRights.ChangeAppointments, row.CanCancel && row.CanMove));
    }

    [Fact]
    public async Task An_invitation_is_sent_with_the_grant_and_accepted_once_by_the_account_it_is_for()
    {
        await using var world = await World.CreateAsync();
        var id = await world.GrantedAsync(CarerRights.SeeAppointments);
        var code = await world.CodeAsync();
        var told = await world.Clinic.ReadAsync(db => db.Messages.Where(row => row.Kind == MessageKind.CarerInvitation && row.Channel == MessageChannel.Email).SingleAsync(Cancel));

        var wrong = await world.CarersAsync(carers => carers.AcceptAsync(code, "someone", "someone@example.com", Cancel));
        var unconfirmed = await world.CarersAsync(carers => carers.AcceptAsync(code, Grace, email: null, Cancel));
        var open = await world.CarersAsync(carers => carers.FindInvitationAsync(code, Grace, "Grace.Hughes@Example.com", Cancel));
        var still = await world.Clinic.ReadAsync(db => db.RelatedPersons.Where(row => row.Id == id).Select(row => row.Status).SingleAsync(Cancel));
        var accepted = await world.CarersAsync(carers => carers.AcceptAsync(code, Grace, Address, Cancel));
        var again = await world.CarersAsync(carers => carers.AcceptAsync(code, Grace, Address, Cancel));
        var other = await world.CarersAsync(carers => carers.AcceptAsync(code, "someone", Address, Cancel));
        var unknown = await world.CarersAsync(carers => carers.AcceptAsync("no-such-code", Grace, Address, Cancel));

        Assert.Equal((Address, "Grace Hughes", null), (told.Facts.Details.Recipient?.Email, told.Facts.Details.Recipient?.Name, told.Facts.Details.Recipient?.Phone));
        Assert.IsType<Invitation.OtherAccount>(wrong);
        Assert.IsType<Invitation.OtherAccount>(unconfirmed);
        Assert.Equal(("Grace Hughes", "Margaret Hughes", CarerRights.SeeAppointments), Assert.IsType<Invitation.Open>(open) is var shown ? (shown.CarerName, shown.PatientName, shown.Rights) : default);
        Assert.Equal(GrantStatus.Invited, still);
        Assert.Equal(id, Assert.IsType<Invitation.Accepted>(accepted).Carer);
        Assert.Equal(accepted, again);
        Assert.IsType<Invitation.Used>(other);
        Assert.IsType<Invitation.NotFound>(unknown);
    }

    [Fact]
    public async Task Many_accounts_that_accept_at_once_make_one_carer()
    {
        await using var world = await World.CreateAsync();
        await world.GrantedAsync(CarerRights.SeeAppointments);
        var code = await world.CodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(() => world.CarersAsync(carers => carers.AcceptAsync(code, $"subject-{index}", Address, Cancel)), Cancel)));

        Assert.Single(answers.OfType<Invitation.Accepted>());
        Assert.Equal(7, answers.OfType<Invitation.Used>().Count());
    }

    [Fact]
    public async Task An_invitation_that_is_too_old_declined_or_withdrawn_says_so_to_whom_it_was_for_alone()
    {
        await using var world = await World.CreateAsync();
        await world.GrantedAsync(CarerRights.SeeAppointments);
        var late = await world.CodeAsync();
        world.Clinic.Clock.Advance(RelatedPerson.ToAnswer);
        var second = await world.GrantedAsync(CarerRights.SeeAppointments);
        var withdrawn = await world.CodeAsync();
        await world.CarersAsync(carers => carers.WithdrawAsync(Actor.For(world.Patient), second, null, Cancel));
        world.Clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.GrantedAsync(CarerRights.SeeAppointments);
        var declined = await world.CodeAsync();
        await world.CarersAsync(carers => carers.DeclineAsync(declined, Grace, Address, Cancel));

        Task<Invitation> OpenAsync(string code, string email) => world.CarersAsync(carers => carers.AcceptAsync(code, Grace, email, Cancel));
        Assert.IsType<Invitation.Expired>(await OpenAsync(late, Address));
        Assert.IsType<Invitation.Withdrawn>(await OpenAsync(withdrawn, Address));
        Assert.IsType<Invitation.Used>(await OpenAsync(declined, Address));
        foreach (var code in new[] { late, withdrawn, declined })
            Assert.IsType<Invitation.OtherAccount>(await OpenAsync(code, "curious@example.com"));
        Assert.DoesNotContain(await world.CarersAsync(carers => carers.OfSubjectAsync(Grace, Cancel)), row => row.State == CarerState.Active);
    }

    [Fact]
    public async Task What_is_not_right_with_a_grant_is_said()
    {
        await using var world = await World.CreateAsync();
        var (self, good) = (Actor.For(world.Patient), world.Grant(CarerRights.SeeAppointments));
        var today = world.Clinic.Practice.Time.DayOf(world.Clinic.Now);
        Task<GrantOutcome> TryAsync(CarerGrant grant, Actor? actor = null) => world.CarersAsync(carers => carers.GrantAsync(actor ?? self, grant, Cancel));

        Assert.IsType<GrantOutcome.NoRights>(await TryAsync(good with { Rights = CarerRights.None }));
        Assert.IsType<GrantOutcome.NoRights>(await TryAsync(good with { Rights = (CarerRights)8 }));
        Assert.Equal(today.AddDays(365), Assert.IsType<GrantOutcome.WrongDay>(await TryAsync(good with { LastDay = today.AddDays(366) })).Latest);
        Assert.IsType<GrantOutcome.WrongDay>(await TryAsync(good with { LastDay = today.AddDays(-1) }));
        Assert.IsType<GrantOutcome.Incomplete>(await TryAsync(good with { Name = " " }));
        Assert.IsType<GrantOutcome.Incomplete>(await TryAsync(good with { Name = new string('x', 101) }));
        foreach (var email in new[] { "", "grace", "grace@", "Grace <grace@example.com>", "a@b.c, d@e.f", "grace@example.com\r\nBcc: x@y.z" })
            Assert.IsType<GrantOutcome.Incomplete>(await TryAsync(good with { Email = email }));
        Assert.IsType<GrantOutcome.ReasonMissing>(await TryAsync(good, world.Clinic.Staff));
        Assert.IsType<GrantOutcome.NotFound>(await TryAsync(good, world.Clinic.Clinician));
        Assert.IsType<GrantOutcome.NotFound>(await TryAsync(good, Actor.For(await world.Clinic.AddPatientAsync("Mohammed", "Iqbal"))));
        Assert.IsType<GrantOutcome.Granted>(await TryAsync(good with { LastDay = today.AddDays(365) }));
        Assert.IsType<GrantOutcome.AlreadyThere>(await TryAsync(good with { Email = Address.ToUpperInvariant() }));
        for (var index = 1; index < CarerService.MostAtOnce; index++)
            Assert.IsType<GrantOutcome.Granted>(await TryAsync(good with { Email = $"carer{index}@example.com" }));
        Assert.IsType<GrantOutcome.TooMany>(await TryAsync(good with { Email = "one.more@example.com" }));
        // What could not be granted invited nobody.
        Assert.Equal(CarerService.MostAtOnce * 2, await world.Clinic.ReadAsync(db => db.Messages.CountAsync(row => row.Kind == MessageKind.CarerInvitation, Cancel)));
    }

    [Fact]
    public async Task Rights_last_to_the_end_of_their_last_day_by_the_practices_clock()
    {
        await using var world = await World.CreateAsync();
        var id = await world.GrantedAsync(CarerRights.SeeAppointments, new DateOnly(2026, 6, 20));
        await world.CarersAsync(async carers => await carers.AcceptAsync(await world.CodeAsync(), Grace, Address, Cancel));
        var end = world.Clinic.Practice.Time.BoundsOf(new DateOnly(2026, 6, 20)).End;

        world.Clinic.Clock.SetUtcNow(end.AddTicks(-1));
        var before = await world.CarersAsync(carers => carers.FindAsync(Grace, id, Cancel));
        world.Clinic.Clock.SetUtcNow(end);
        var after = await world.CarersAsync(carers => carers.FindAsync(Grace, id, Cancel));

        Assert.NotNull(before);
        Assert.Null(after);
        Assert.Equal((CarerState.Expired, new DateOnly(2026, 6, 20)), Assert.Single(await world.CarersAsync(carers => carers.OfSubjectAsync(Grace, Cancel))) is var row ? (row.State, row.LastDay) : default);
    }

    [Fact]
    public async Task Staff_record_and_end_it_with_a_reason_and_the_carer_may_end_it_too()
    {
        await using var world = await World.CreateAsync();
        var granted = Assert.IsType<GrantOutcome.Granted>(await world.CarersAsync(carers => carers.GrantAsync(world.Clinic.Staff, world.Grant(Everything) with { Reason = "The mother of a child of 6" }, Cancel)));
        var code = await world.CodeAsync();
        await world.CarersAsync(carers => carers.AcceptAsync(code, Grace, Address, Cancel));

        Assert.IsType<WithdrawOutcome.ReasonMissing>(await world.CarersAsync(carers => carers.WithdrawAsync(world.Clinic.Staff, granted.Carer, " ", Cancel)));
        Assert.IsType<WithdrawOutcome.NotFound>(await world.CarersAsync(carers => carers.WithdrawAsync(world.Clinic.Clinician, granted.Carer, "Because", Cancel)));
        Assert.IsType<WithdrawOutcome.Withdrawn>(await world.CarersAsync(carers => carers.WithdrawAsync(world.Clinic.Staff, granted.Carer, "The court said so", Cancel)));
        Assert.IsType<WithdrawOutcome.Over>(await world.CarersAsync(carers => carers.WithdrawAsync(Actor.For(world.Patient), granted.Carer, null, Cancel)));
        var second = await world.CarerAsync(Everything);
        Assert.IsType<WithdrawOutcome.Withdrawn>(await world.CarersAsync(carers => carers.WithdrawAsync(second, new RelatedPersonId(second.PersonId), null, Cancel)));

        var events = await world.Clinic.ReadAsync(db => db.AuditEvents.Where(row => row.EntityId == granted.Carer.Value).OrderBy(row => row.Id).ToListAsync(Cancel));
        Assert.Equal(
            [("carer.grant", "The mother of a child of 6", ActorRole.Staff), ("carer.accept", null, ActorRole.Carer), ("carer.withdraw", "The court said so", ActorRole.Staff)],
            events.Select(row => (row.Action, row.Reason, row.ActorRole)));
    }

    [Fact]
    public async Task Every_act_is_audited_with_the_carer_and_the_patient_and_the_patient_reads_it()
    {
        await using var world = await World.CreateAsync();
        var carer = await world.CarerAsync(Everything);
        await world.CarersAsync(async carers =>
        {
            await carers.LookedAsync(carer, Cancel);
            return true;
        });
        await world.Clinic.BookAsync(world.Free[0], world.Patient, carer);
        await world.Clinic.MoveAsync(world.Coming, world.Free[1], carer);
        await world.Clinic.AskAsync<ConsultationService, JoinOutcome>(consultations => consultations.JoinAsync(carer, world.Soon, Cancel));
        await world.Clinic.AskAsync<ConsultationService, JoinOutcome>(consultations => consultations.JoinAsync(carer, world.Soon, Cancel));
        await world.WaitAsync(carer);

        var audited = await world.Clinic.ReadAsync(db => db.AuditEvents.Where(row => row.ActorRole == ActorRole.Carer).ToListAsync(Cancel));
        var read = await world.CarersAsync(carers => carers.ActsAsync(Actor.For(world.Patient), world.Patient.Id, Cancel));
        var change = await world.Clinic.ReadAsync(db => db.AppointmentChanges.Where(row => row.AppointmentId == world.Coming).OrderBy(row => row.Version).LastAsync(Cancel));

        Assert.All(audited, row => Assert.Equal((carer.PersonId, world.Patient.Id), (row.ActorId, row.OnBehalfOf)));
        Assert.Equal(
            ["waiting-list.join", "consultation.join", "appointment.move", "appointment.book", "carer.see", "carer.accept"],
            read.Select(act => act.Action).Distinct());
        Assert.All(read, act => Assert.Equal("Grace Hughes", act.CarerName));
        Assert.Equal(world.Free[1].Start, read.First(act => act.Action == "appointment.move").Start?.ToUniversalTime());
        Assert.Equal(("appointment.move", ActorRole.Carer), (change.Action, change.ActorRole));
        Assert.NotEmpty(await world.CarersAsync(carers => carers.ActsAsync(world.Clinic.Staff, world.Patient.Id, Cancel)));
        Assert.Empty(await world.CarersAsync(carers => carers.ActsAsync(world.Clinic.Clinician, world.Patient.Id, Cancel)));
        // What others do is nobody's act but theirs.
        await world.Clinic.CancelAsync(world.Coming, Actor.For(world.Patient));
        Assert.Null((await world.Clinic.ReadAsync(db => db.AuditEvents.OrderBy(row => row.Id).LastAsync(row => row.Action == "appointment.cancel", Cancel))).OnBehalfOf);
    }

    [Fact]
    public async Task A_carer_joins_with_a_name_of_their_own_and_ending_it_names_the_rooms_they_may_be_in()
    {
        await using var world = await World.CreateAsync();
        var carer = await world.CarerAsync(CarerRights.JoinConsultations);

        var joined = Assert.IsType<JoinOutcome.Ok>(await world.Clinic.AskAsync<ConsultationService, JoinOutcome>(consultations => consultations.JoinAsync(carer, world.Soon, Cancel)));
        var withdrawn = Assert.IsType<WithdrawOutcome.Withdrawn>(await world.CarersAsync(carers => carers.WithdrawAsync(Actor.For(world.Patient), new RelatedPersonId(carer.PersonId), null, Cancel)));

        Assert.Equal((carer.PersonId, "Grace Hughes (carer)", ConsultationRole.Carer, false), (joined.Ticket.Participant, joined.Ticket.DisplayName, joined.Ticket.Role, joined.Ticket.Admitted));
        Assert.Equal(AppointmentStatus.Arrived, (await world.Clinic.AppointmentAsync(world.Soon)).Status);
        Assert.Equal([new Room(world.SoonClinic, world.Soon)], withdrawn.Rooms);
    }

    [Fact]
    public async Task The_waiting_is_over_when_the_last_of_the_patients_side_has_gone_and_who_was_there_is_recorded()
    {
        await using var world = await World.CreateAsync();
        var carer = await world.CarerAsync(CarerRights.JoinConsultations);
        var appointment = await world.Clinic.AppointmentAsync(world.Soon);
        ConsultationFact Fact(ConsultationFactType type, Guid person, ConsultationRole role)
        {
            world.Clinic.Clock.Advance(TimeSpan.FromSeconds(10));
            return new ConsultationFact(Guid.NewGuid(), type, appointment.ScheduleId, appointment.Id, person, role, world.Clinic.Now);
        }

        await world.Clinic.JoinAsync(world.Soon, world.Patient);
        await world.Clinic.ApplyAsync(Fact(ConsultationFactType.Waiting, world.Patient.Id.Value, ConsultationRole.Patient), Fact(ConsultationFactType.Waiting, carer.PersonId, ConsultationRole.Carer));
        await world.Clinic.ApplyAsync(Fact(ConsultationFactType.Disconnected, world.Patient.Id.Value, ConsultationRole.Patient));
        var carerAlone = (await world.Clinic.AppointmentAsync(world.Soon)).Status;
        await world.Clinic.ApplyAsync(Fact(ConsultationFactType.Disconnected, carer.PersonId, ConsultationRole.Carer));
        var nobody = (await world.Clinic.AppointmentAsync(world.Soon)).Status;
        await world.Clinic.ApplyAsync(Fact(ConsultationFactType.Waiting, carer.PersonId, ConsultationRole.Carer), Fact(ConsultationFactType.Admitted, world.Clinic.Practitioner.Id.Value, ConsultationRole.Clinician), Fact(ConsultationFactType.Connected, carer.PersonId, ConsultationRole.Carer));
        // Someone who is no carer of this patient.
        await world.Clinic.ApplyAsync(Fact(ConsultationFactType.Connected, Guid.NewGuid(), ConsultationRole.Carer));

        Assert.Equal((AppointmentStatus.Arrived, AppointmentStatus.Booked), (carerAlone, nobody));
        Assert.Equal(AppointmentStatus.CheckedIn, (await world.Clinic.AppointmentAsync(world.Soon)).Status);
        Assert.Equal((carer.PersonId, ConsultationRole.Carer), Assert.Single((await world.Clinic.EncounterAsync(world.Soon))?.Participants ?? []) is var there ? (there.PersonId, there.Role) : default);
    }

    [Fact]
    public void A_grant_goes_its_steps_and_no_others()
    {
        (GrantStatus From, GrantStatus To)[] allowed =
        [
            (GrantStatus.Invited, GrantStatus.Accepted), (GrantStatus.Invited, GrantStatus.Declined), (GrantStatus.Invited, GrantStatus.Withdrawn), (GrantStatus.Accepted, GrantStatus.Withdrawn),
        ];
        foreach (var from in Enum.GetValues<GrantStatus>())
        {
            foreach (var to in Enum.GetValues<GrantStatus>())
                Assert.Equal(allowed.Contains((from, to)), GrantStates.Table.Allows(from, to));
        }
    }

    /// <summary>Margaret with appointments of every kind: one held, one cancelled, one in ten minutes and one next week; and free times.</summary>
    private sealed class World : IAsyncDisposable
    {
        public static readonly AccessNeedsView Needs = new("Polish", false, true, false, VideoConfidence.NeedsHelp, null);

        private World(TestClinic clinic, Patient patient) => (Clinic, Patient) = (clinic, patient);

        public TestClinic Clinic { get; }

        public Patient Patient { get; }

        public AppointmentId Past { get; private set; }

        public AppointmentId Gone { get; private set; }

        public AppointmentId Soon { get; private set; }

        public ScheduleId SoonClinic { get; private set; }

        public AppointmentId Coming { get; private set; }

        public IReadOnlyList<Slot> Free { get; private set; } = [];

        public SeriesRequest Series => new(Free[0].Id, Patient.Id, DeliveryChannel.Video, 1, 2);

        public static async Task<World> CreateAsync(TestClinic? besides = null)
        {
            var clinic = besides is null ? await TestClinic.CreateAsync() : await besides.NeighbourAsync();
            var world = new World(clinic, await clinic.AddPatientAsync());
            var call = await TestCall.AdmittedAsync(clinic, world.Patient);
            await call.FinishAsync();
            world.Past = call.Appointment.Id;
            clinic.Clock.Advance(TimeSpan.FromHours(1));
            world.Gone = (await clinic.BookedAsync(TimeSpan.FromDays(3), world.Patient)).Appointment.Id;
            await clinic.CancelAsync(world.Gone, Actor.For(world.Patient), "A private reason");
            var soon = (await clinic.BookedAsync(patient: world.Patient)).Appointment;
            (world.Soon, world.SoonClinic) = (soon.Id, soon.ScheduleId);
            world.Coming = (await clinic.BookedAsync(TimeSpan.FromDays(7), world.Patient)).Appointment.Id;
            world.Free = await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 3);
            await clinic.AddSlotsAsync(clinic.Now.AddDays(9), slots: 3);
            await clinic.AskAsync<AccessNeedsService, SaveNeedsOutcome>(needs => needs.SaveAsync(Actor.For(world.Patient), world.Patient.Id, Needs, Cancel));
            return world;
        }

        public CarerGrant Grant(CarerRights rights, Patient? patient = null) =>
            new((patient ?? Patient).Id, "Grace Hughes", Relationship.Child, Address, rights, Clinic.Practice.Time.DayOf(Clinic.Now).AddDays(60));

        public Task<T> CarersAsync<T>(Func<CarerService, Task<T>> question) => Clinic.AskAsync(question);

        public async Task<RelatedPersonId> GrantedAsync(CarerRights rights, DateOnly? lastDay = null, Patient? patient = null)
        {
            var grant = Grant(rights, patient);
            return Assert.IsType<GrantOutcome.Granted>(await CarersAsync(carers => carers.GrantAsync(Actor.For(patient ?? Patient), lastDay is { } day ? grant with { LastDay = day } : grant, Cancel))).Carer;
        }

        /// <summary>Of the latest invitation.</summary>
        public async Task<string> CodeAsync()
        {
            var messages = await Clinic.ReadAsync(db => db.Messages.AsNoTracking().Where(row => row.Kind == MessageKind.CarerInvitation && row.Channel == MessageChannel.Email).ToListAsync(Cancel));
            return messages.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id.Value).LastOrDefault()?.Facts.Details.Path?.Split('/')[^1] ?? throw new InvalidOperationException("No invitation.");
        }

        /// <summary>Someone who accepted, as a request finds them.</summary>
        public async Task<Actor> CarerAsync(CarerRights rights, Patient? patient = null)
        {
            var id = await GrantedAsync(rights, patient: patient);
            var code = await CodeAsync();
            Assert.IsType<Invitation.Accepted>(await CarersAsync(carers => carers.AcceptAsync(code, Grace, Address, Cancel)));
            return await FoundAsync(id);
        }

        public async Task<Actor> FoundAsync(RelatedPersonId id) =>
            (await CarersAsync(carers => carers.FindAsync(Grace, id, Cancel)))?.Person.Actor ?? throw new InvalidOperationException("No carer.");

        public Task<MyAppointments> ListAsync(Actor actor) => Clinic.AskAsync<AppointmentQueries, MyAppointments>(queries => queries.OfPatientAsync(actor, Patient.Id, Cancel));

        public Task<AppointmentView?> FindAsync(Actor actor, AppointmentId id) => Clinic.AskAsync<AppointmentQueries, AppointmentView?>(queries => queries.FindAsync(actor, id, Cancel));

        public Task<WaitOutcome> WaitAsync(Actor actor) =>
            Clinic.AskAsync<WaitingLists, WaitOutcome>(lists => lists.JoinAsync(actor, new WaitingRequest(Patient.Id, Clinic.Service.Id, DeliveryChannel.Video, Coming), Cancel));

        /// <summary>Something earlier is offered to Margaret.</summary>
        public async Task<WaitingListOfferId> OfferedAsync()
        {
            await WaitAsync(Actor.For(Patient));
            await Clinic.AskAsync<WaitingLists, bool>(async lists =>
            {
                await lists.PassOnAsync(Cancel);
                return true;
            });
            return await Clinic.ReadAsync(db => db.WaitingListOffers.Where(row => row.PatientId == Patient.Id && row.Status == OfferStatus.Open).Select(row => row.Id).SingleAsync(Cancel));
        }

        /// <summary>Whether it was done: a refusal may be an answer or an exception.</summary>
        public async Task<bool> TryAsync(Func<World, Actor, Task<bool>> act, Actor carer)
        {
            try
            {
                return await act(this, carer);
            }
            catch (NotAllowedException)
            {
                return false;
            }
        }

        public async Task<bool> NotThrownAsync<TService>(Func<TService, Task> call)
            where TService : notnull
        {
            await Clinic.AskAsync<TService, bool>(async service =>
            {
                await call(service);
                return true;
            });
            return true;
        }

        public ValueTask DisposeAsync() => Clinic.DisposeAsync();
    }
}
