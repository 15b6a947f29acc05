using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

public sealed class AccessNeedsTests
{
    private static readonly AccessNeedsView Polish = new("Polish", SignLanguage: false, Captions: true, LargeText: false, VideoConfidence.NeedsHelp, "Speak slowly");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_patient_answers_once_is_kept_and_can_be_changed_by_them_and_by_staff()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var before = await FindAsync(clinic, Actor.For(patient), patient);

        await SaveAsync(clinic, Actor.For(patient), patient, Polish with { InterpreterLanguage = " Polish ", Other = "Speak slowly" });
        var kept = await FindAsync(clinic, clinic.Clinician, patient);
        await SaveAsync(clinic, clinic.Staff, patient, Polish with { InterpreterLanguage = "  ", Captions = false, Other = "" });

        Assert.Null(before);
        Assert.Equal(Polish, kept);
        Assert.Equal(new AccessNeedsView(null, false, false, false, VideoConfidence.NeedsHelp, null), await FindAsync(clinic, clinic.Staff, patient));
    }

    [Fact]
    public async Task Each_answer_is_audited_without_the_patients_own_words()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();

        await SaveAsync(clinic, Actor.For(patient), patient, Polish);

        var audit = await clinic.ReadAsync(db => db.AuditEvents.SingleAsync(row => row.Action == "patient.access-needs", Cancel));
        Assert.Equal((patient.Id.Value, nameof(AccessNeeds)), (audit.ActorId, audit.Entity));
        Assert.Contains("Polish", audit.After, StringComparison.Ordinal);
        Assert.DoesNotContain("slowly", audit.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_that_are_too_long_are_refused()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();

        Assert.Equal(SaveNeedsOutcome.TooLong, await SaveAsync(clinic, Actor.For(patient), patient, Polish with { InterpreterLanguage = new string('x', 61) }));
        Assert.Equal(SaveNeedsOutcome.TooLong, await SaveAsync(clinic, Actor.For(patient), patient, Polish with { Other = new string('x', 301) }));
        Assert.Null(await FindAsync(clinic, Actor.For(patient), patient));
    }

    [Fact]
    public async Task Other_patients_clinicians_and_other_practices_change_nothing_and_the_first_and_last_see_nothing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var patient = await clinic.AddPatientAsync();
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        await SaveAsync(clinic, Actor.For(patient), patient, Polish);

        Assert.Null(await FindAsync(clinic, Actor.For(other), patient));
        Assert.Null(await FindAsync(neighbour, neighbour.Staff, patient));
        Assert.Equal(SaveNeedsOutcome.NotFound, await SaveAsync(clinic, Actor.For(other), patient, Polish with { Captions = false }));
        Assert.Equal(SaveNeedsOutcome.NotFound, await SaveAsync(clinic, clinic.Clinician, patient, Polish with { Captions = false }));
        Assert.Equal(SaveNeedsOutcome.NotFound, await SaveAsync(neighbour, neighbour.Staff, patient, Polish with { Captions = false }));
        Assert.Equal(Polish, await FindAsync(clinic, clinic.Staff, patient));
    }

    private static Task<AccessNeedsView?> FindAsync(TestClinic clinic, Actor actor, Patient patient) =>
        clinic.AskAsync<AccessNeedsService, AccessNeedsView?>(needs => needs.FindAsync(actor, patient.Id, Cancel));

    private static Task<SaveNeedsOutcome> SaveAsync(TestClinic clinic, Actor actor, Patient patient, AccessNeedsView needs) =>
        clinic.AskAsync<AccessNeedsService, SaveNeedsOutcome>(service => service.SaveAsync(actor, patient.Id, needs, Cancel));
}
