using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>Leave, closures, bank holidays, changed weekly clinics and clinicians who leave: what is booked is shown first and is never dropped; nothing new is booked.</summary>
public sealed class WithdrawalTests
{
    private static readonly DateOnly Today = new(2026, 6, 9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leave_shows_what_is_booked_then_blocks_the_rest_and_gives_it_back_when_it_is_removed()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (slots, booked) = await PublishedAsync(clinic);
        var others = await clinic.AddSlotsAsync(clinic.Now.AddHours(3), practitioner: await clinic.AddClinicianAsync());
        var leave = new TimeOffDetails(clinic.Practitioner.Id, Today, Today.AddDays(1), " Annual leave ");

        var affects = Assert.IsType<TimeOffOutcome.Affects>(await AddAsync(clinic, leave));
        var untouched = (await clinic.SlotAsync(slots[1].Id)).Status;
        var wrong = await AddAsync(clinic, leave, AppointmentId.New());
        var done = await AddAsync(clinic, leave, booked);

        Assert.Equal([(booked, "Margaret Hughes", slots[0].Start)], affects.Appointments.Select(row => (row.Appointment, row.PatientName, row.Start)));
        Assert.Equal(SlotStatus.Free, untouched);
        Assert.IsType<TimeOffOutcome.Affects>(wrong);
        Assert.Equal(new TimeOffOutcome.Done(1), done);
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(booked)).Status);
        Assert.Equal((SlotStatus.BusyUnavailable, "On leave: Annual leave"), await StateAsync(clinic, slots[1]));
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(others[0].Id)).Status);
        var free = await clinic.AskAsync<DiaryService, IReadOnlyList<FreeTime>>(diary => diary.NextFreeAsync(clinic.Staff, new DiaryFilter(Practitioner: clinic.Practitioner.Id), Today, 1, Cancel));
        Assert.Equal(Today.AddDays(2), Assert.Single(free).Day);
        var view = Assert.Single((await OverviewAsync(clinic)).TimeOff);
        Assert.Equal(("Annual leave", 1), (view.Reason, view.Booked.Count));

        Assert.IsType<TimeOffOutcome.Done>(await clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.RemoveAsync(clinic.Staff, view.Id, Cancel)));
        Assert.Equal((SlotStatus.Free, null), await StateAsync(clinic, slots[1]));
    }

    [Fact]
    public async Task A_day_that_is_closed_twice_opens_when_both_are_gone()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (slots, booked) = await PublishedAsync(clinic);
        await AddAsync(clinic, new TimeOffDetails(null, Today, Today, "Training"), booked);
        await AddAsync(clinic, new TimeOffDetails(clinic.Practitioner.Id, Today, Today, "Ill"), booked);
        var closure = (await OverviewAsync(clinic)).TimeOff.Single(row => row.PractitionerName is null);

        await clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.RemoveAsync(clinic.Staff, closure.Id, Cancel));

        Assert.Equal(SlotStatus.BusyUnavailable, (await clinic.SlotAsync(slots[1].Id)).Status);
    }

    [Fact]
    public async Task Bank_holidays_of_the_region_are_kept_and_those_of_another_open_again()
    {
        await using var clinic = await TestClinic.CreateAsync(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
        var time = clinic.Practice.Time;
        // St Andrew's Day is a bank holiday in Scotland alone, Boxing Day everywhere.
        var scottish = await clinic.AddSlotsAsync(time.At(new DateOnly(2026, 11, 30), new TimeOnly(9, 0)), slots: 1);
        var christmas = await clinic.AddSlotsAsync(time.At(new DateOnly(2026, 12, 25), new TimeOnly(9, 0)), slots: 1);
        Task<TimeOffOutcome> KeepAsync(HolidayRegion region) => clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.KeepBankHolidaysAsync(clinic.Administrator, region, [], Cancel));

        await KeepAsync(HolidayRegion.Scotland);
        var inScotland = (await StateAsync(clinic, scottish[0])).Status;
        await KeepAsync(HolidayRegion.EnglandAndWales);

        Assert.Equal(SlotStatus.BusyUnavailable, inScotland);
        Assert.Equal((SlotStatus.Free, SlotStatus.BusyUnavailable), ((await StateAsync(clinic, scottish[0])).Status, (await StateAsync(clinic, christmas[0])).Status));
        Assert.Contains((new DateOnly(2026, 12, 25), "Christmas"), (await OverviewAsync(clinic)).BankHolidays.Select(row => (row.Day, row.Name.Split(' ')[0])));
    }

    [Theory]
    [InlineData(HolidayRegion.None, 0)]
    [InlineData(HolidayRegion.EnglandAndWales, 8)]
    [InlineData(HolidayRegion.Scotland, 9)]
    [InlineData(HolidayRegion.NorthernIreland, 10)]
    public void Each_region_has_its_bank_holidays(HolidayRegion region, int days)
    {
        var holidays = BankHolidays.Between(region, new DateOnly(2027, 1, 1), new DateOnly(2027, 12, 31));

        Assert.Equal(days, holidays.Count);
        Assert.Equal(region != HolidayRegion.None, holidays.ContainsKey(new DateOnly(2027, 3, 26)));
        Assert.Equal(region == HolidayRegion.NorthernIreland, holidays.ContainsKey(new DateOnly(2027, 7, 12)));
        Assert.Equal(region is HolidayRegion.EnglandAndWales or HolidayRegion.NorthernIreland, holidays.ContainsKey(new DateOnly(2027, 3, 29)));
    }

    [Fact]
    public async Task A_changed_weekly_clinic_changes_what_nobody_touched_and_shows_what_is_booked()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (slots, booked) = await PublishedAsync(clinic);
        var template = (await clinic.AskAsync<ClinicTemplates, IReadOnlyList<TemplateListing>>(templates => templates.ListAsync(clinic.Staff, Cancel))).Single();
        var later = template.Details with { Start = new TimeOnly(10, 0), End = new TimeOnly(12, 0) };

        var affects = Assert.IsType<TemplateOutcome.Affects>(await SaveAsync(clinic, template.Id, later));
        var stored = (await FindAsync(clinic, template.Id)).Details;
        var saved = await SaveAsync(clinic, template.Id, later, booked);

        Assert.Equal([booked], affects.Appointments.Select(row => row.Appointment));
        Assert.Equal(new TimeOnly(9, 0), stored.Start);
        // Today's clinic is booked, so that it stands: what does not fit takes no bookings. The other two are as the clinic is now.
        Assert.Equal(new TemplateOutcome.Saved(template.Id, 2, 1), saved);
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(booked)).Status);
        Assert.Equal((SlotStatus.BusyUnavailable, "The clinic has changed"), await StateAsync(clinic, slots[1]));
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(slots[4].Id)).Status);
        Assert.Equal(["10:00", "11:45"], (await TimesAsync(clinic, Today.AddDays(1))).Where((_, index) => index is 0 or 7));
        Assert.Equal([booked], (await FindAsync(clinic, template.Id)).Misfits.Select(row => row.Appointment));
    }

    [Fact]
    public async Task A_weekly_clinic_that_ends_and_a_day_that_differs_take_back_what_nobody_booked()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (_, booked) = await PublishedAsync(clinic);
        var template = (await clinic.AskAsync<ClinicTemplates, IReadOnlyList<TemplateListing>>(templates => templates.ListAsync(clinic.Staff, Cancel))).Single();

        var differs = await clinic.ExceptAsync(template.Id, Today.AddDays(1), (new(14, 0), new(15, 0)));
        var times = await TimesAsync(clinic, Today.AddDays(1));
        var not = await clinic.ExceptAsync(template.Id, Today, null);
        var ended = await SaveAsync(clinic, template.Id, template.Details with { To = Today.AddDays(1) });

        Assert.Equal(new TemplateOutcome.Saved(template.Id, 1, 0), differs);
        Assert.Equal(["14:00", "14:15", "14:30", "14:45"], times);
        Assert.Equal([booked], Assert.IsType<TemplateOutcome.Affects>(not).Appointments.Select(row => row.Appointment));
        Assert.Single((await FindAsync(clinic, template.Id)).Exceptions);
        Assert.Equal(new TemplateOutcome.Saved(template.Id, 1, 0), ended);
        Assert.Empty(await TimesAsync(clinic, Today.AddDays(2)));
        Assert.Equal(4, (await TimesAsync(clinic, Today.AddDays(1))).Count);
    }

    [Fact]
    public async Task Whoever_leaves_keeps_what_is_booked_and_gets_nothing_new()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (slots, booked) = await PublishedAsync(clinic);
        var another = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        var affects = Assert.IsType<ClinicianOutcome.Affects>(await EndAsync(clinic, clinic.Practitioner.Id));
        var ended = await EndAsync(clinic, clinic.Practitioner.Id, booked);

        Assert.Equal([booked], affects.Appointments.Select(row => row.Appointment));
        Assert.IsType<ClinicianOutcome.Saved>(ended);
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(booked)).Status);
        Assert.IsType<BookOutcome.Taken>(await clinic.BookAsync(slots[1], another));
        // Not even when a time is opened by hand.
        await clinic.AskAsync<SlotService, BlockOutcome>(service => service.UnblockAsync(clinic.Staff, slots[1].Id, Cancel));
        Assert.IsType<BookOutcome.ServiceInactive>(await clinic.BookAsync(slots[1], another));
        Assert.Equal(new PublishOutcome.Published(0, 0), await clinic.AskAsync<ClinicPublisher, PublishOutcome>(publisher => publisher.PublishAsync(clinic.Staff, new PublishRequest(Today.AddDays(5), Today.AddDays(9), null), Cancel)));
        Assert.NotNull((await clinic.AskAsync<PeopleService, SignedInPerson>(people => people.FindBySubjectAsync(clinic.Practitioner.Subject ?? "", Cancel))).Practitioner);
        await clinic.CancelAsync(booked, clinic.Staff);
        Assert.Null((await clinic.AskAsync<PeopleService, SignedInPerson>(people => people.FindBySubjectAsync(clinic.Practitioner.Subject ?? "", Cancel))).Practitioner);

        await clinic.AskAsync<ClinicianAdministration, ClinicianOutcome>(clinicians => clinicians.WorkAgainAsync(clinic.Administrator, clinic.Practitioner.Id, Cancel));
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[2], another));
    }

    [Fact]
    public async Task A_clinician_is_added_and_changed_with_services_and_an_address_of_their_own()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var details = new ClinicianDetails("Ms", " Priya ", "Raman", "Practice nurse", [clinic.Service.Id], " Priya.Raman@Example.com ");
        Task<ClinicianOutcome> SaveAsync(PractitionerId? id, ClinicianDetails entered) => clinic.AskAsync<ClinicianAdministration, ClinicianOutcome>(clinicians => clinicians.SaveAsync(clinic.Administrator, id, entered, Cancel));

        var added = Assert.IsType<ClinicianOutcome.Saved>(await SaveAsync(null, details));
        var taken = await SaveAsync(null, details with { Email = "priya.raman@example.com" });
        var recognised = await clinic.AskAsync<PeopleService, bool>(people => people.RecogniseAsync("account-1", "PRIYA.raman@example.com", asClinician: true, Cancel));
        var changed = await SaveAsync(added.Practitioner, details with { Services = [], FamilyName = "Raman-Shah" });

        Assert.IsType<ClinicianOutcome.EmailTaken>(taken);
        Assert.True(recognised);
        Assert.Equal(added, changed);
        Assert.IsType<ClinicianOutcome.Incomplete>(await SaveAsync(null, details with { GivenName = " ", Email = "" }));
        Assert.IsType<ClinicianOutcome.Incomplete>(await SaveAsync(null, details with { Email = "Priya <priya@example.com>" }));
        Assert.IsType<ClinicianOutcome.NotFound>(await SaveAsync(PractitionerId.New(), details with { Email = "" }));
        var listed = (await clinic.AskAsync<ClinicianAdministration, IReadOnlyList<ClinicianListing>>(clinicians => clinicians.ListAsync(clinic.Administrator, Cancel))).Single(row => row.Id == added.Practitioner);
        Assert.Equal(("Ms Priya Raman-Shah", 0, 0), (listed.DisplayName, listed.ServiceNames.Count, listed.Coming.Count));
        Assert.Equal("Ms Priya Raman-Shah", (await clinic.AskAsync<PeopleService, SignedInPerson>(people => people.FindBySubjectAsync("account-1", Cancel))).Practitioner?.DisplayName);
        var audit = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.EntityId == added.Practitioner.Value && row.Action == "clinician.change").ToListAsync(Cancel));
        Assert.Contains(audit, row => row.Before?.Contains("GP consultation", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Nobody_else_decides_any_of_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var leave = new TimeOffDetails(clinic.Practitioner.Id, Today, Today, "Leave");
        var template = await clinic.AddTemplateAsync();
        var details = (await FindAsync(clinic, template)).Details;
        foreach (var actor in new[] { clinic.Clinician, Actor.For(await clinic.AddPatientAsync()) })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.AddAsync(actor, leave, [], Cancel)));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.RemoveAsync(actor, TimeOffId.New(), Cancel)));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<TimeOffService, TimeOffOverview>(off => off.OverviewAsync(actor, Cancel)));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<ClinicTemplates, TemplateOutcome>(templates => templates.SaveAsync(actor, template, details, [], Cancel)));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<ClinicTemplates, TemplateOutcome>(templates => templates.ExceptAsync(actor, template, Today, null, [], Cancel)));
        }

        foreach (var actor in new[] { clinic.Staff, clinic.Clinician })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.KeepBankHolidaysAsync(actor, HolidayRegion.Scotland, [], Cancel)));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<ClinicianAdministration, ClinicianOutcome>(clinicians => clinicians.EndAsync(actor, clinic.Practitioner.Id, [], Cancel)));
            await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<ClinicianAdministration, IReadOnlyList<ClinicianListing>>(clinicians => clinicians.ListAsync(actor, Cancel)));
        }

        Assert.IsType<TimeOffOutcome.Impossible>(await AddAsync(clinic, leave with { Reason = " " }));
        Assert.IsType<TimeOffOutcome.Impossible>(await AddAsync(clinic, leave with { First = Today.AddDays(1) }));
        Assert.IsType<TimeOffOutcome.Impossible>(await AddAsync(clinic, leave with { First = Today.AddDays(-3), Last = Today.AddDays(-1) }));
        Assert.IsType<TimeOffOutcome.NotFound>(await AddAsync(clinic, leave with { Practitioner = PractitionerId.New() }));
        TemplateDetails[] impossible =
        [
            details with { Days = [] }, details with { End = details.Start }, details with { SlotMinutes = 1 }, details with { To = details.From.AddDays(-1) },
            details with { Breaks = [new(new(8, 0), new(9, 30))] }, details with { Breaks = [new(new(9, 0), new(10, 0)), new(new(9, 30), new(10, 30))] },
        ];
        foreach (var wrong in impossible)
            Assert.IsType<TemplateOutcome.Impossible>(await SaveAsync(clinic, template, wrong));
        Assert.IsType<TemplateOutcome.NotOffered>(await SaveAsync(clinic, null, details with { Channels = [DeliveryChannel.InPerson] }));
        Assert.IsType<TemplateOutcome.NotFound>(await SaveAsync(clinic, ClinicTemplateId.New(), details));
    }

    [Fact]
    public async Task Some_of_a_clinic_that_is_called_off_may_stay()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (slots, booked) = await PublishedAsync(clinic);
        var second = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[1], await clinic.AddPatientAsync("Mohammed", "Iqbal"))).Appointment;

        var outcome = Assert.IsType<CallOffOutcome.CalledOff>(await clinic.AskAsync<BookingService, CallOffOutcome>(booking => booking.CallOffAsync(
            clinic.Staff, new CallOffRequest(slots[0].ScheduleId, "Dr Okafor is away", [new CallOffChoice(booked, null, Stays: true), new CallOffChoice(second, null)]), Cancel)));

        Assert.Equal((0, 1), (outcome.Moved.Count, outcome.Cancelled));
        Assert.Equal((AppointmentStatus.Booked, AppointmentStatus.Cancelled), ((await clinic.AppointmentAsync(booked)).Status, (await clinic.AppointmentAsync(second)).Status));
        Assert.Equal((SlotStatus.Busy, SlotStatus.BusyUnavailable), ((await clinic.SlotAsync(slots[0].Id)).Status, (await clinic.SlotAsync(slots[1].Id)).Status));
    }

    /// <summary>A weekly clinic from 9am to 11am, published for three days from today, with Margaret at 9am.</summary>
    private static async Task<(IReadOnlyList<Slot> Today, AppointmentId Booked)> PublishedAsync(TestClinic clinic)
    {
        await clinic.AddTemplateAsync();
        await clinic.AskAsync<ClinicPublisher, PublishOutcome>(publisher => publisher.PublishAsync(clinic.Staff, new PublishRequest(Today, Today.AddDays(2), null), Cancel));
        var slots = await clinic.ReadAsync(db => db.Slots.AsNoTracking().Where(slot => slot.Day == Today).OrderBy(slot => slot.Start).ToListAsync(Cancel));
        return (slots, Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[0], await clinic.AddPatientAsync())).Appointment);
    }

    private static async Task<(SlotStatus Status, string? Note)> StateAsync(TestClinic clinic, Slot slot)
    {
        var now = await clinic.SlotAsync(slot.Id);
        return (now.Status, now.BlockReason);
    }

    private static async Task<List<string>> TimesAsync(TestClinic clinic, DateOnly day) =>
        (await clinic.ReadAsync(db => db.Slots.Where(row => row.Day == day).OrderBy(row => row.Start).ToListAsync(Cancel))).ConvertAll(slot => clinic.Practice.Time.ToLocal(slot.Start).ToString("HH:mm"));

    private static Task<TimeOffOutcome> AddAsync(TestClinic clinic, TimeOffDetails details, params AppointmentId[] seen) =>
        clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.AddAsync(clinic.Staff, details, seen, Cancel));

    private static Task<TimeOffOverview> OverviewAsync(TestClinic clinic) => clinic.AskAsync<TimeOffService, TimeOffOverview>(off => off.OverviewAsync(clinic.Staff, Cancel));

    private static Task<TemplateOutcome> SaveAsync(TestClinic clinic, ClinicTemplateId? id, TemplateDetails details, params AppointmentId[] seen) =>
        clinic.AskAsync<ClinicTemplates, TemplateOutcome>(templates => templates.SaveAsync(clinic.Staff, id, details, seen, Cancel));

    private static async Task<TemplateView> FindAsync(TestClinic clinic, ClinicTemplateId id) =>
        await clinic.AskAsync<ClinicTemplates, TemplateView?>(templates => templates.FindAsync(clinic.Staff, id, Cancel)) ?? throw new InvalidOperationException("No such clinic.");

    private static Task<ClinicianOutcome> EndAsync(TestClinic clinic, PractitionerId id, params AppointmentId[] seen) =>
        clinic.AskAsync<ClinicianAdministration, ClinicianOutcome>(clinicians => clinicians.EndAsync(clinic.Administrator, id, seen, Cancel));
}
