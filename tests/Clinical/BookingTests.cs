using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class BookingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_patient_books_a_free_slot_and_it_is_sold()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];

        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slot, patient));

        var appointment = await clinic.AppointmentAsync(booked.Appointment);
        Assert.Equal(AppointmentStatus.Booked, appointment.Status);
        Assert.Equal((slot.Start, slot.End, patient.Id, booked.Reference), (appointment.Start, appointment.End, appointment.PatientId, appointment.Reference));
        Assert.Equal(new Room(slot.ScheduleId, appointment.Id), appointment.Room);
        Assert.Equal(SlotStatus.Busy, (await clinic.SlotAsync(slot.Id)).Status);
    }

    [Fact]
    public async Task A_sold_slot_is_refused_to_the_next_patient()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];
        await clinic.BookAsync(slot, await clinic.AddPatientAsync());

        Assert.IsType<BookOutcome.Taken>(await clinic.BookAsync(slot, await clinic.AddPatientAsync("Mohammed", "Iqbal")));
    }

    [Fact]
    public async Task The_same_form_sent_twice_books_once_and_gives_the_same_reference()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];

        var first = await clinic.BookAsync(slot, patient);
        var second = await clinic.BookAsync(slot, patient);

        Assert.Equal(first, second);
        Assert.Equal(1, await clinic.ReadAsync(db => db.Appointments.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_hold_lasts_ten_minutes_and_asking_again_does_not_make_it_longer()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];

        var held = Assert.IsType<HoldOutcome.Held>(await clinic.HoldAsync(slot, patient));
        clinic.Clock.Advance(TimeSpan.FromMinutes(9));
        var again = Assert.IsType<HoldOutcome.Held>(await clinic.HoldAsync(slot, patient));

        Assert.Equal(TestClinic.Morning.AddMinutes(10), held.Until);
        Assert.Equal(TimeSpan.FromHours(1), held.Until.Offset);
        Assert.Equal(held, again);
    }

    [Fact]
    public async Task A_slot_held_for_someone_else_can_neither_be_held_nor_booked()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];
        await clinic.HoldAsync(slot, await clinic.AddPatientAsync());

        Assert.IsType<HoldOutcome.Taken>(await clinic.HoldAsync(slot, other));
        Assert.IsType<BookOutcome.Taken>(await clinic.BookAsync(slot, other));
    }

    [Fact]
    public async Task An_expired_hold_returns_the_slot_to_anyone()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second, third) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"), await clinic.AddPatientAsync("Sofia", "Almeida"));
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];
        await clinic.HoldAsync(slot, first);

        clinic.Clock.Advance(Slot.HoldTime);
        var held = await clinic.HoldAsync(slot, second);
        clinic.Clock.Advance(Slot.HoldTime);
        var booked = await clinic.BookAsync(slot, third);

        Assert.IsType<HoldOutcome.Held>(held);
        Assert.IsType<BookOutcome.Booked>(booked);
    }

    [Fact]
    public async Task A_hold_one_tick_before_its_end_still_keeps_others_out()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];
        await clinic.HoldAsync(slot, await clinic.AddPatientAsync());

        clinic.Clock.Advance(Slot.HoldTime - TimeSpan.FromTicks(1));

        Assert.IsType<BookOutcome.Taken>(await clinic.BookAsync(slot, await clinic.AddPatientAsync("Mohammed", "Iqbal")));
    }

    [Fact]
    public async Task Holding_another_slot_lets_go_of_the_first()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1));
        await clinic.HoldAsync(slots[0], patient);

        await clinic.HoldAsync(slots[1], patient);

        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(slots[0].Id)).Status);
        Assert.Equal(SlotStatus.BusyTentative, (await clinic.SlotAsync(slots[1].Id)).Status);
    }

    [Fact]
    public async Task A_failed_hold_keeps_the_one_the_patient_has()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1));
        await clinic.HoldAsync(slots[0], patient);
        await clinic.BookAsync(slots[1], await clinic.AddPatientAsync("Mohammed", "Iqbal"));

        Assert.IsType<HoldOutcome.Taken>(await clinic.HoldAsync(slots[1], patient));

        Assert.Equal(patient.Id, (await clinic.SlotAsync(slots[0].Id)).HeldFor);
    }

    [Fact]
    public async Task Booking_ends_the_patients_holds_and_so_does_letting_go()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (patient, other) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1));
        await clinic.HoldAsync(slots[0], patient);
        await clinic.HoldAsync(slots[1], other);

        await clinic.BookAsync(slots[2], patient);
        await clinic.AskAsync<BookingService, bool>(async booking =>
        {
            await booking.ReleaseHoldsAsync(Actor.For(patient), other.Id, Cancel);
            return true;
        });
        Assert.Equal(other.Id, (await clinic.SlotAsync(slots[1].Id)).HeldFor);
        await clinic.AskAsync<BookingService, bool>(async booking =>
        {
            await booking.ReleaseHoldsAsync(Actor.For(other), other.Id, Cancel);
            return true;
        });

        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(slots[0].Id)).Status);
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(slots[1].Id)).Status);
    }

    [Fact]
    public async Task A_patient_cannot_be_in_two_appointments_at_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var start = clinic.Now.AddHours(1);
        var first = (await clinic.AddSlotsAsync(start))[0];
        var other = await clinic.AddSlotsAsync(start.AddMinutes(10), practitioner: await clinic.AddClinicianAsync());
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(first, patient));

        var overlapping = await clinic.BookAsync(other[0], patient);
        var following = await clinic.BookAsync(other[1], patient);

        Assert.Equal(new BookOutcome.Overlaps(booked.Appointment, start), overlapping);
        Assert.IsType<BookOutcome.Booked>(following);
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(other[0].Id)).Status);
    }

    [Fact]
    public async Task An_appointment_that_ends_as_another_starts_is_no_overlap_and_a_cancelled_one_neither()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var start = clinic.Now.AddHours(1);
        var mine = await clinic.AddSlotsAsync(start);
        var other = await clinic.AddSlotsAsync(start, practitioner: await clinic.AddClinicianAsync());
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(mine[0], patient));

        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(mine[1], patient));
        await clinic.CancelAsync(booked.Appointment, Actor.For(patient));
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(other[0], patient));
    }

    [Fact]
    public async Task A_slot_can_be_booked_until_its_start_and_not_after()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddMinutes(15));

        clinic.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[0], patient));
        clinic.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromTicks(1));

        Assert.IsType<BookOutcome.InThePast>(await clinic.BookAsync(slots[1], patient));
        Assert.IsType<HoldOutcome.InThePast>(await clinic.HoldAsync(slots[1], patient));
    }

    [Fact]
    public async Task An_inactive_service_takes_no_booking()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];
        await clinic.WriteAsync(async db => (await db.Services.SingleAsync(Cancel)).Deactivate());

        Assert.IsType<BookOutcome.ServiceInactive>(await clinic.BookAsync(slot, patient));
        Assert.IsType<HoldOutcome.ServiceInactive>(await clinic.HoldAsync(slot, patient));
    }

    [Fact]
    public async Task A_channel_the_service_does_not_have_is_refused()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];

        var outcome = await clinic.AskAsync<BookingService, BookOutcome>(booking =>
            booking.BookAsync(Actor.For(patient), new BookingRequest(slot.Id, patient.Id, DeliveryChannel.InPerson), Cancel));

        Assert.IsType<BookOutcome.ChannelNotOffered>(outcome);
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(slot.Id)).Status);
    }

    [Fact]
    public async Task What_the_patient_wants_help_with_is_kept_for_the_clinician_and_out_of_the_audit()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1));
        Task<BookOutcome> BookAsync(int slot, string reason) => clinic.AskAsync<BookingService, BookOutcome>(booking =>
            booking.BookAsync(Actor.For(patient), new BookingRequest(slots[slot].Id, patient.Id, DeliveryChannel.Video, reason), Cancel));

        var tooLong = await BookAsync(0, new string('x', Appointment.ReasonLength + 1));
        var booked = Assert.IsType<BookOutcome.Booked>(await BookAsync(0, " A sore throat "));
        var silent = Assert.IsType<BookOutcome.Booked>(await BookAsync(1, "  "));

        Assert.IsType<BookOutcome.ReasonTooLong>(tooLong);
        Assert.Equal("A sore throat", (await clinic.AppointmentAsync(booked.Appointment)).ReasonForVisit);
        Assert.Null((await clinic.AppointmentAsync(silent.Appointment)).ReasonForVisit);
        var opened = Assert.IsType<OpenOutcome.Ok>(await clinic.AskAsync<ConsultationService, OpenOutcome>(service => service.OpenAsync(clinic.Clinician, booked.Appointment, Cancel)));
        Assert.Equal("A sore throat", opened.Consultation.ReasonForVisit);
        Assert.DoesNotContain(await clinic.ReadAsync(db => db.AuditEvents.Select(row => row.After).ToListAsync(Cancel)), after => after?.Contains("throat", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Nobody_books_for_another_patient_except_practice_staff()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (patient, other) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1));

        Assert.IsType<BookOutcome.NotFound>(await clinic.BookAsync(slots[0], patient, Actor.For(other)));
        Assert.IsType<HoldOutcome.NotFound>(await clinic.HoldAsync(slots[0], patient, Actor.For(other)));
        Assert.IsType<BookOutcome.NotFound>(await clinic.BookAsync(slots[0], patient, clinic.Clinician));
        Assert.IsType<HoldOutcome.Held>(await clinic.HoldAsync(slots[0], patient, clinic.Staff));
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[0], patient, clinic.Staff));
    }

    [Fact]
    public async Task An_unknown_slot_or_patient_is_not_found()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];

        Assert.IsType<BookOutcome.NotFound>(await clinic.AskAsync<BookingService, BookOutcome>(booking =>
            booking.BookAsync(Actor.For(patient), new BookingRequest(SlotId.New(), patient.Id, DeliveryChannel.Video), Cancel)));
        Assert.IsType<BookOutcome.NotFound>(await clinic.AskAsync<BookingService, BookOutcome>(booking =>
            booking.BookAsync(clinic.Staff, new BookingRequest(slot.Id, PatientId.New(), DeliveryChannel.Video), Cancel)));
    }

    [Fact]
    public async Task Cancelling_keeps_the_reason_and_frees_the_slot_for_another_patient()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));

        var outcome = await clinic.CancelAsync(appointment.Id, Actor.For(patient), "  Feeling better ");

        Assert.Equal(new CancelOutcome.Cancelled(appointment.ScheduleId, new Room(appointment.ScheduleId, appointment.Id)), outcome);
        var cancelled = await clinic.AppointmentAsync(appointment.Id);
        Assert.Equal((AppointmentStatus.Cancelled, "Feeling better", clinic.Now), (cancelled.Status, cancelled.CancellationReason, cancelled.CancelledAt));
        var slot = await clinic.SlotAsync(appointment.SlotId);
        Assert.Equal(SlotStatus.Free, slot.Status);
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slot, await clinic.AddPatientAsync("Mohammed", "Iqbal")));
        Assert.IsType<CancelOutcome.AlreadyCancelled>(await clinic.CancelAsync(appointment.Id, Actor.For(patient)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task A_cancellation_needs_a_reason(string reason)
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();

        Assert.IsType<CancelOutcome.ReasonMissing>(await clinic.CancelAsync(appointment.Id, Actor.For(patient), reason));
        Assert.IsType<CancelOutcome.ReasonMissing>(await clinic.CancelAsync(appointment.Id, Actor.For(patient), new string('x', Appointment.ReasonLength + 1)));
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(appointment.Id)).Status);
    }

    [Fact]
    public async Task Nobody_cancels_another_patients_appointment_except_practice_staff()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        Assert.IsType<CancelOutcome.NotFound>(await clinic.CancelAsync(appointment.Id, Actor.For(other)));
        Assert.IsType<CancelOutcome.Cancelled>(await clinic.CancelAsync(appointment.Id, clinic.Staff));
    }

    [Fact]
    public async Task A_patient_cancels_before_the_start_only_and_staff_later_too()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromMinutes(10));
        clinic.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.IsType<CancelOutcome.TooLate>(await clinic.CancelAsync(appointment.Id, Actor.For(patient)));
        Assert.IsType<CancelOutcome.Cancelled>(await clinic.CancelAsync(appointment.Id, clinic.Staff));
    }

    [Fact]
    public void A_reference_is_short_and_has_no_character_that_can_be_mistaken()
    {
        var references = Enumerable.Range(0, 2000).Select(_ => AppointmentReference.New()).ToList();

        Assert.All(references, reference => Assert.Matches("^[234679CDFGHJKMPQRTWXY]{4}-[234679CDFGHJKMPQRTWXY]{4}$", reference));
        Assert.Equal(references.Count, references.Distinct().Count());
    }

    [Fact]
    public async Task A_patient_sees_coming_and_past_appointments_in_practice_time()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var (later, _) = await clinic.BookedAsync(TimeSpan.FromHours(30), patient);
        var (sooner, _) = await clinic.BookedAsync(TimeSpan.FromHours(1), patient);
        var (cancelled, _) = await clinic.BookedAsync(TimeSpan.FromHours(5), patient);
        await clinic.CancelAsync(cancelled.Id, Actor.For(patient));
        await clinic.BookedAsync(TimeSpan.FromHours(7), await clinic.AddPatientAsync("Mohammed", "Iqbal"));

        var mine = await clinic.AskAsync<AppointmentQueries, MyAppointments>(queries => queries.OfPatientAsync(Actor.For(patient), patient.Id, Cancel));

        Assert.Equal([sooner.Id, later.Id], mine.Coming.Select(row => row.Id));
        Assert.Equal([cancelled.Id], mine.Past.Select(row => row.Id));
        var next = mine.Coming[0];
        Assert.Equal("09:00+01:00 Dr Amara Okafor GP consultation", $"{next.Start:HH:mmzzz} {next.PractitionerName} {next.ServiceName}");
        Assert.Equal((sooner.Start.AddMinutes(-30), sooner.Start.AddHours(4), false, true), (next.JoinOpensAt, next.JoinClosesAt, next.CanJoin, next.CanCancel));
    }

    [Fact]
    public async Task An_appointment_stays_among_the_coming_as_long_as_it_can_be_joined()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromMinutes(10));
        Task<MyAppointments> MineAsync() => clinic.AskAsync<AppointmentQueries, MyAppointments>(queries => queries.OfPatientAsync(Actor.For(patient), patient.Id, Cancel));

        clinic.Clock.SetUtcNow(appointment.Start.AddHours(4));
        var inTime = await MineAsync();
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        var tooLate = await MineAsync();

        Assert.True(Assert.Single(inTime.Coming).CanJoin);
        Assert.Empty(tooLate.Coming);
        Assert.False(Assert.Single(tooLate.Past).CanJoin);
    }

    [Fact]
    public async Task An_appointment_is_found_by_its_patient_its_clinician_and_staff_only()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var otherPatient = Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var otherClinician = Actor.For(await clinic.AddClinicianAsync());
        Task<AppointmentView?> FindAsync(Actor actor) => clinic.AskAsync<AppointmentQueries, AppointmentView?>(queries => queries.FindAsync(actor, appointment.Id, Cancel));

        Assert.Equal(appointment.Reference, (await FindAsync(Actor.For(patient)))?.Reference);
        Assert.Equal("Margaret Hughes", (await FindAsync(clinic.Clinician))?.PatientName);
        Assert.NotNull(await FindAsync(clinic.Staff));
        Assert.Null(await FindAsync(otherPatient));
        Assert.Null(await FindAsync(otherClinician));
        Assert.Empty((await clinic.AskAsync<AppointmentQueries, MyAppointments>(queries => queries.OfPatientAsync(otherPatient, patient.Id, Cancel))).Coming);
    }
}
