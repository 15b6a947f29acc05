using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class JoinTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Joining_gives_what_the_ticket_says_and_marks_the_patient_as_arrived()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();

        var outcome = await clinic.JoinAsync(appointment.Id, patient);

        var ticket = new TicketFacts(patient.Id.Value, "Margaret Hughes", ConsultationRole.Patient, appointment.ScheduleId, appointment.Id, Admitted: false);
        Assert.Equal(new JoinOutcome.Ok(ticket, FirstTime: true), outcome);
        var arrived = await clinic.AppointmentAsync(appointment.Id);
        Assert.Equal((AppointmentStatus.Arrived, clinic.Now), (arrived.Status, arrived.ArrivedAt));
        var encounter = await clinic.EncounterAsync(appointment.Id);
        Assert.Equal(EncounterStatus.Arrived, encounter?.Status);
        Assert.Equal([EncounterStatus.Planned, EncounterStatus.Arrived], encounter?.History.Select(change => change.Status));
    }

    [Fact]
    public async Task Joining_again_gives_a_ticket_again_and_changes_nothing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.JoinAsync(appointment.Id, patient);
        var before = await clinic.EncounterAsync(appointment.Id);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));

        var again = Assert.IsType<JoinOutcome.Ok>(await clinic.JoinAsync(appointment.Id, patient));

        Assert.False(again.FirstTime);
        var after = await clinic.EncounterAsync(appointment.Id);
        Assert.Equal((before?.Id, before?.Version, 2), (after?.Id, after?.Version, after?.History.Count));
    }

    [Fact]
    public async Task Joining_many_times_at_once_makes_one_encounter()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => clinic.JoinAsync(appointment.Id, patient), Cancel)));

        Assert.Single(outcomes.OfType<JoinOutcome.Ok>(), outcome => outcome.FirstTime);
        Assert.Equal(12, outcomes.OfType<JoinOutcome.Ok>().Count());
        Assert.NotNull(await clinic.EncounterAsync(appointment.Id));
    }

    [Fact]
    public async Task The_door_opens_thirty_minutes_before_the_start_and_not_a_moment_earlier()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(1));
        var opens = appointment.Start.AddMinutes(-30);

        clinic.Clock.SetUtcNow(opens - Tick);
        var early = await clinic.JoinAsync(appointment.Id, patient);
        clinic.Clock.SetUtcNow(opens);
        var inTime = await clinic.JoinAsync(appointment.Id, patient);

        Assert.Equal(new JoinOutcome.TooEarly(opens), early);
        Assert.IsType<JoinOutcome.Ok>(inTime);
    }

    [Fact]
    public async Task The_door_closes_four_hours_after_the_start()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var closes = appointment.Start.AddHours(4);

        clinic.Clock.SetUtcNow(closes);
        var inTime = await clinic.JoinAsync(appointment.Id, patient);
        clinic.Clock.SetUtcNow(closes + Tick);
        var late = await clinic.JoinAsync(appointment.Id, patient);

        Assert.IsType<JoinOutcome.Ok>(inTime);
        Assert.Equal(new JoinOutcome.TooLate(closes), late);
    }

    [Fact]
    public async Task Whoever_has_been_admitted_comes_back_with_a_ticket_that_says_so_even_after_the_door_closed()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        clinic.Clock.SetUtcNow(call.Appointment.Start.AddHours(5));

        var outcome = Assert.IsType<JoinOutcome.Ok>(await clinic.JoinAsync(call.Appointment.Id, call.Patient));

        Assert.True(outcome.Ticket.Admitted);
    }

    [Fact]
    public async Task A_cancelled_appointment_cannot_be_joined_and_its_encounter_is_cancelled()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.JoinAsync(appointment.Id, patient);

        await clinic.CancelAsync(appointment.Id, clinic.Staff, "Clinician is ill");

        Assert.IsType<JoinOutcome.Cancelled>(await clinic.JoinAsync(appointment.Id, patient));
        Assert.Null(await clinic.EncounterAsync(appointment.Id));
    }

    [Fact]
    public async Task Another_patients_or_an_unknown_appointment_is_not_found()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        Assert.IsType<JoinOutcome.NotFound>(await clinic.JoinAsync(appointment.Id, other));
        Assert.IsType<JoinOutcome.NotFound>(await clinic.JoinAsync(AppointmentId.New(), other));
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(appointment.Id)).Status);
    }

    [Fact]
    public async Task A_telephone_appointment_has_no_room_to_join()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddMinutes(10)))[0];
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.AskAsync<BookingService, BookOutcome>(booking =>
            booking.BookAsync(Actor.For(patient), new BookingRequest(slot.Id, patient.Id, DeliveryChannel.Telephone), Cancel)));

        Assert.IsType<JoinOutcome.NotVideo>(await clinic.JoinAsync(booked.Appointment, patient));
    }

    [Fact]
    public async Task Finished_and_missed_appointments_say_so()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.FinishAsync();
        var (missed, patient) = await clinic.BookedAsync();
        await clinic.ClinicianWaitsAsync(missed.Id);
        await clinic.MissAsync(missed.Id);

        Assert.IsType<JoinOutcome.Finished>(await clinic.JoinAsync(call.Appointment.Id, call.Patient));
        Assert.IsType<JoinOutcome.DidNotAttend>(await clinic.JoinAsync(missed.Id, patient));
    }

    [Fact]
    public async Task A_clinician_opens_their_own_consultation_and_no_other()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var other = Actor.For(await clinic.AddClinicianAsync());
        Task<OpenOutcome> OpenAsync(Actor actor) => clinic.AskAsync<ConsultationService, OpenOutcome>(consultations => consultations.OpenAsync(actor, appointment.Id, Cancel));

        var own = Assert.IsType<OpenOutcome.Ok>(await OpenAsync(clinic.Clinician));

        Assert.Equal(new TicketFacts(clinic.Practitioner.Id.Value, "Dr Amara Okafor", ConsultationRole.Clinician, appointment.ScheduleId, appointment.Id, Admitted: false), own.Ticket);
        Assert.Equal(("Margaret Hughes", BoardStatus.Booked, string.Empty, 0), (own.Consultation.PatientName, own.Consultation.Status, own.Consultation.Note, own.Consultation.NoteVersion));
        Assert.IsType<OpenOutcome.NotFound>(await OpenAsync(other));
        await clinic.CancelAsync(appointment.Id, clinic.Staff);
        Assert.IsType<OpenOutcome.Cancelled>(await OpenAsync(clinic.Clinician));
    }

    [Fact]
    public async Task A_finished_consultation_is_shown_with_its_note_and_without_a_ticket()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.FinishAsync("Advice given.");

        var opened = Assert.IsType<OpenOutcome.Ok>(await clinic.AskAsync<ConsultationService, OpenOutcome>(consultations =>
            consultations.OpenAsync(clinic.Clinician, call.Appointment.Id, Cancel)));

        Assert.Null(opened.Ticket);
        Assert.Equal((BoardStatus.Done, "Advice given.", clinic.Now), (opened.Consultation.Status, opened.Consultation.Note, opened.Consultation.NoteSignedAt));
    }

    [Fact]
    public async Task A_board_is_watched_by_its_clinician_and_by_staff_only()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        Task<TicketFacts?> WatchAsync(Actor actor) => clinic.AskAsync<ConsultationService, TicketFacts?>(consultations => consultations.WatchAsync(actor, appointment.ScheduleId, Cancel));

        var clinician = await WatchAsync(clinic.Clinician);
        var staff = await WatchAsync(clinic.Staff);

        Assert.Equal((ConsultationRole.Clinician, (AppointmentId?)null), (clinician?.Role, clinician?.Consultation));
        Assert.Equal((ConsultationRole.Staff, "Helen Brooks", appointment.ScheduleId), (staff?.Role, staff?.DisplayName, staff?.Clinic));
        Assert.Null(await WatchAsync(Actor.For(await clinic.AddClinicianAsync())));
        Assert.Null(await WatchAsync(Actor.For(patient)));
    }

    [Fact]
    public async Task Roles_that_have_no_business_there_are_thrown_out()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();

        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<ConsultationService, JoinOutcome>(service => service.JoinAsync(clinic.Staff, appointment.Id, Cancel)));
        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<ConsultationService, OpenOutcome>(service => service.OpenAsync(Actor.For(patient), appointment.Id, Cancel)));
        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<AttendanceService, DidNotAttendOutcome>(service => service.MarkMissedAsync(Actor.For(patient), appointment.Id, Absence.DidNotAttend, Cancel)));
        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<ConsultationNotes, FinishOutcome>(service => service.FinishAsync(Actor.For(patient), appointment.Id, new NoteDraft("x", 0), Cancel)));
        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<ConsultationNotes, SaveNoteOutcome>(service => service.SaveDraftAsync(clinic.Staff, appointment.Id, new NoteDraft("x", 0), Cancel)));
    }
}
