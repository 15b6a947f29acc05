using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using static Telemedicine.Clinical.Consultations.ConsultationFactType;

namespace Telemedicine.Clinical.Tests;

/// <summary>The messages of a call whose clinician keeps them.</summary>
public sealed class KeptChatTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kept_messages_are_read_by_patient_and_clinician_in_order_with_names()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(Kept(call), Said(call, "Try these.", clinic.Now.AddMinutes(2), ConsultationRole.Clinician), Said(call, "It hurts here.", clinic.Now.AddMinutes(1)));

        foreach (var reader in new[] { Actor.For(call.Patient), clinic.Clinician })
        {
            var messages = await ReadAsync(clinic, reader, call);
            Assert.Equal([(call.Patient.DisplayName, "It hurts here."), (clinic.Practitioner.DisplayName, "Try these.")], messages.Select(message => (message.Name, message.Text)));
            Assert.Equal(TimeSpan.FromHours(1), messages[0].At.Offset);
        }
    }

    [Fact]
    public async Task A_message_that_comes_again_is_kept_once_and_its_audit_says_nothing_of_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var said = Said(call, "It hurts here.", clinic.Now);

        await clinic.ApplyAsync(Kept(call), said, said);
        Assert.Empty(await clinic.ApplyAsync(said));

        Assert.Single(await ReadAsync(clinic, clinic.Clinician, call));
        var audits = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Entity == nameof(KeptMessage)).ToListAsync(Cancel));
        Assert.Equal(said.Id, Assert.Single(audits).EntityId);
        Assert.DoesNotContain("hurts", audits[0].After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_kept_without_the_clinicians_word()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        await clinic.ApplyAsync(Said(call, "Too early", clinic.Now));
        await clinic.ApplyAsync(Kept(call) with { PersonId = call.Patient.Id.Value, Role = ConsultationRole.Patient });
        await clinic.ApplyAsync(Kept(call) with { PersonId = null, Role = null });
        await clinic.ApplyAsync(Said(call, "Still too early", clinic.Now));

        Assert.Empty(await ReadAsync(clinic, clinic.Clinician, call));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_message_without_text_is_not_kept(string? text)
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        await clinic.ApplyAsync(Kept(call), Said(call, "x", clinic.Now) with { Text = text }, Said(call, new string('x', KeptMessage.MaxLength + 1), clinic.Now));
        await clinic.ApplyAsync(Said(call, "A stranger", clinic.Now) with { PersonId = Guid.NewGuid() });

        Assert.Empty(await ReadAsync(clinic, clinic.Clinician, call));
    }

    [Fact]
    public async Task Messages_that_come_after_the_end_are_kept_too()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.FinishAsync();

        await clinic.ApplyAsync(Kept(call), Said(call, "Thank you", clinic.Now));

        Assert.Single(await ReadAsync(clinic, Actor.For(call.Patient), call));
    }

    [Fact]
    public async Task Nobody_else_reads_them()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(Kept(call), Said(call, "It hurts here.", clinic.Now));
        await using var neighbour = await clinic.NeighbourAsync();
        var seesAppointments = await clinic.AddCarerAsync(call.Patient, CarerRights.SeeAppointments);
        var joins = await clinic.AddCarerAsync(call.Patient, CarerRights.JoinConsultations);

        foreach (var stranger in new[]
        {
            Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal")), Actor.For(await clinic.AddClinicianAsync()), clinic.Staff, seesAppointments, neighbour.Clinician,
        })
        {
            Assert.Empty(await ReadAsync(clinic, stranger, call));
        }
        Assert.Single(await ReadAsync(clinic, joins, call));
    }

    [Fact]
    public async Task A_ticket_says_that_the_messages_are_kept()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        Assert.False(await TicketAsync());

        await clinic.ApplyAsync(Kept(call));

        Assert.True(await TicketAsync());
        Assert.True(Assert.IsType<JoinOutcome.Ok>(await clinic.JoinAsync(call.Appointment.Id, call.Patient)).Ticket.ChatKept);

        async Task<bool?> TicketAsync() => Assert.IsType<OpenOutcome.Ok>(await clinic.AskAsync<ConsultationService, OpenOutcome>(
            consultations => consultations.OpenAsync(clinic.Clinician, call.Appointment.Id, Cancel))).Ticket?.ChatKept;
    }

    private static Task<IReadOnlyList<KeptMessageView>> ReadAsync(TestClinic clinic, Actor actor, TestCall call) =>
        clinic.AskAsync<KeptChat, IReadOnlyList<KeptMessageView>>(chat => chat.OfAsync(actor, call.Appointment.Id, Cancel));

    private static ConsultationFact Kept(TestCall call) => call.Connected(ConsultationRole.Clinician) with { Type = ChatKept };

    private static ConsultationFact Said(TestCall call, string text, DateTimeOffset at, ConsultationRole role = ConsultationRole.Patient) =>
        call.Connected(role, at) with { Type = ConsultationFactType.Said, Text = text };
}
