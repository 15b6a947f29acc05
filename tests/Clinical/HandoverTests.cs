using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

/// <summary>A patient in a call is handed over to another clinician: asked, accepted, both there, done.</summary>
public sealed class HandoverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_patient_note_and_Encounter_go_to_who_accepted_once_both_are_in_the_call()
    {
        await using var world = await World.CreateAsync();
        await world.Call.DraftAsync("Chest pain since Monday.", 0);

        var asked = Assert.IsType<AskHandoverOutcome.Asked>(await world.AskAsync());
        var request = Assert.Single(await world.Service(handovers => handovers.ToAsync(world.Taker, Cancel)));
        var before = await world.OpenAsync(world.Taker);
        Assert.IsType<HandoverOutcome.Changed>(await world.Service(handovers => handovers.AnswerAsync(world.Taker, world.Id, true, Cancel)));
        var inside = Assert.IsType<OpenOutcome.Ok>(await world.OpenAsync(world.Taker));
        var early = await world.Service(handovers => handovers.CompleteAsync(world.Asker, world.Id, Cancel));
        Assert.IsType<SaveNoteOutcome.NotFound>(await world.Clinic.AskAsync<ConsultationNotes, SaveNoteOutcome>(notes => notes.SaveDraftAsync(world.Taker, world.Id, new NoteDraft("Mine already?", 1), Cancel)));
        await world.ConnectAsync(world.Taker, ConsultationFactType.Connected);
        var done = Assert.IsType<HandoverOutcome.Changed>(await world.Service(handovers => handovers.CompleteAsync(world.Asker, world.Id, Cancel)));
        await world.ConnectAsync(world.Asker, ConsultationFactType.Disconnected);

        Assert.Equal("Dr Tomasz Nowak", asked.Name);
        Assert.Equal(("Margaret Hughes", "Please look at her chest.", HandoverStatus.Asked), (request.PatientName, request.Note, request.Status));
        Assert.IsType<OpenOutcome.NotFound>(before);
        Assert.Equal((ConsultationRole.Clinician, world.Taker.PersonId, true, false), (inside.Ticket?.Role, inside.Ticket?.Participant ?? default, inside.Ticket?.Admitted, inside.Consultation.IsResponsible));
        Assert.Equal("Dr Tomasz Nowak", inside.Ticket?.DisplayName);
        Assert.Equal("Dr Tomasz Nowak", Assert.IsType<HandoverOutcome.NotThere>(early).Name);
        Assert.Equal(world.Asker.AsPractitioner, done.From);
        Assert.IsType<OpenOutcome.NotFound>(await world.OpenAsync(world.Asker));
        var now = Assert.IsType<OpenOutcome.Ok>(await world.OpenAsync(world.Taker));
        Assert.Equal((true, "Chest pain since Monday."), (now.Consultation.IsResponsible, now.Consultation.Note));
        var encounter = await world.Clinic.EncounterAsync(world.Id);
        Assert.Equal((world.Taker.AsPractitioner, EncounterStatus.InProgress), (encounter?.PractitionerId, encounter?.Status));
        Assert.Equal(0, await world.Clinic.ReadAsync(db => db.ReceivedEvents.CountAsync(row => !row.Applied, Cancel)));
        Assert.IsType<FinishOutcome.Finished>(await world.Clinic.AskAsync<ConsultationNotes, FinishOutcome>(notes => notes.FinishAsync(world.Taker, world.Id, new NoteDraft("Seen together.", now.Consultation.NoteVersion), Cancel)));
        Assert.Empty(await world.Service(handovers => handovers.ToAsync(world.Taker, Cancel)));
    }

    [Fact]
    public async Task Declined_or_taken_back_the_patient_stays_and_another_may_be_asked()
    {
        await using var world = await World.CreateAsync();

        await world.AskAsync();
        Assert.IsType<AskHandoverOutcome.NotPossible>(await world.AskAsync());
        Assert.IsType<HandoverOutcome.Changed>(await world.Service(handovers => handovers.AnswerAsync(world.Taker, world.Id, false, Cancel)));
        Assert.IsType<HandoverOutcome.NotPossible>(await world.Service(handovers => handovers.AnswerAsync(world.Taker, world.Id, true, Cancel)));
        world.Clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.AskAsync();
        await world.Service(handovers => handovers.AnswerAsync(world.Taker, world.Id, true, Cancel));
        Assert.IsType<HandoverOutcome.Changed>(await world.Service(handovers => handovers.WithdrawAsync(world.Asker, world.Id, Cancel)));

        Assert.IsType<OpenOutcome.NotFound>(await world.OpenAsync(world.Taker));
        Assert.True(Assert.IsType<OpenOutcome.Ok>(await world.OpenAsync(world.Asker)).Consultation.IsResponsible);
        Assert.True((await world.Service(handovers => handovers.DeskAsync(world.Asker, world.Id, Cancel)))?.CanAsk);
    }

    [Fact]
    public async Task Only_the_two_of_them_have_to_do_with_it_and_only_in_a_call()
    {
        await using var world = await World.CreateAsync();
        await using var neighbour = await world.Clinic.NeighbourAsync();
        var stranger = Actor.For(await world.Clinic.AddClinicianAsync("Priya", "Raman"));
        var (waiting, _) = await world.Clinic.BookedAsync(TimeSpan.FromMinutes(40), await world.Clinic.AddPatientAsync("Mohammed", "Iqbal"));

        Assert.IsType<AskHandoverOutcome.NotPossible>(await world.Service(handovers => handovers.AskAsync(world.Asker, waiting.Id, world.Taker.AsPractitioner, "Please.", Cancel)));
        Assert.IsType<AskHandoverOutcome.NobodyChosen>(await world.AskAsync(to: world.Asker.AsPractitioner));
        Assert.IsType<AskHandoverOutcome.NobodyChosen>(await world.AskAsync(to: neighbour.Practitioner.Id));
        Assert.IsType<AskHandoverOutcome.NoteMissing>(await world.AskAsync(note: "  "));
        Assert.IsType<AskHandoverOutcome.NoteTooLong>(await world.AskAsync(note: new string('a', Handover.MaxNote + 1)));
        Assert.IsType<AskHandoverOutcome.Asked>(await world.AskAsync());
        foreach (var other in new[] { stranger, neighbour.Clinician })
        {
            Assert.Null(await world.Service(handovers => handovers.DeskAsync(other, world.Id, Cancel)));
            Assert.IsType<AskHandoverOutcome.NotFound>(await world.Service(handovers => handovers.AskAsync(other, world.Id, world.Taker.AsPractitioner, "Mine.", Cancel)));
            foreach (var accept in new[] { true, false })
                Assert.IsType<HandoverOutcome.NotFound>(await world.Service(handovers => handovers.AnswerAsync(other, world.Id, accept, Cancel)));
            Assert.IsType<HandoverOutcome.NotFound>(await world.Service(handovers => handovers.CompleteAsync(other, world.Id, Cancel)));
            Assert.IsType<HandoverOutcome.NotFound>(await world.Service(handovers => handovers.WithdrawAsync(other, world.Id, Cancel)));
        }
        // Neither does the other's part.
        Assert.IsType<HandoverOutcome.NotFound>(await world.Service(handovers => handovers.AnswerAsync(world.Asker, world.Id, true, Cancel)));
        Assert.IsType<HandoverOutcome.NotFound>(await world.Service(handovers => handovers.CompleteAsync(world.Taker, world.Id, Cancel)));
        await Assert.ThrowsAsync<NotAllowedException>(() => world.Service(handovers => handovers.ToAsync(world.Clinic.Staff, Cancel)));
    }

    [Fact]
    public async Task The_timeline_and_the_board_say_who_has_the_patient_now()
    {
        await using var world = await World.CreateAsync();
        await world.AskAsync();
        await world.Service(handovers => handovers.AnswerAsync(world.Taker, world.Id, true, Cancel));
        await world.ConnectAsync(world.Taker, ConsultationFactType.Connected);
        await world.Service(handovers => handovers.CompleteAsync(world.Asker, world.Id, Cancel));

        var timeline = await world.Clinic.AskAsync<EncounterTimelines, EncounterTimeline?>(timelines => timelines.OfAsync(world.Clinic.Staff, world.Id, Cancel));
        var board = await world.Clinic.AskAsync<Scheduling.ClinicService, Scheduling.ClinicBoard?>(clinics => clinics.BoardAsync(world.Asker, world.Call.Appointment.ScheduleId, Cancel));

        Assert.Equal((HandoverStatus.Done, "Dr Amara Okafor", "Dr Tomasz Nowak"), timeline?.Handovers.Select(handover => (handover.Status, handover.FromName, handover.ToName)).Single());
        Assert.Equal("Dr Tomasz Nowak", Assert.Single(board?.Rows ?? []).HandedTo);
    }

    private sealed class World(TestClinic clinic, TestCall call, Actor taker) : IAsyncDisposable
    {
        public TestClinic Clinic => clinic;

        public TestCall Call => call;

        public AppointmentId Id => call.Appointment.Id;

        public Actor Asker => clinic.Clinician;

        public Actor Taker => taker;

        public static async Task<World> CreateAsync()
        {
            var clinic = await TestClinic.CreateAsync();
            return new World(clinic, await TestCall.AdmittedAsync(clinic), Actor.For(await clinic.AddClinicianAsync()));
        }

        public Task<T> Service<T>(Func<HandoverService, Task<T>> question) => clinic.AskAsync(question);

        public Task<AskHandoverOutcome> AskAsync(PractitionerId? to = null, string note = "Please look at her chest.") =>
            Service(handovers => handovers.AskAsync(Asker, Id, to ?? taker.AsPractitioner, note, Cancel));

        public Task<OpenOutcome> OpenAsync(Actor clinician) => clinic.AskAsync<ConsultationService, OpenOutcome>(consultations => consultations.OpenAsync(clinician, Id, Cancel));

        public Task ConnectAsync(Actor clinician, ConsultationFactType type)
        {
            clinic.Clock.Advance(TimeSpan.FromSeconds(1));
            return clinic.ApplyAsync(new ConsultationFact(Guid.NewGuid(), type, call.Appointment.ScheduleId, Id, clinician.PersonId, ConsultationRole.Clinician, clinic.Now));
        }

        public ValueTask DisposeAsync() => clinic.DisposeAsync();
    }
}
