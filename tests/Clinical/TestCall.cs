using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Patients;

namespace Telemedicine.Clinical.Tests;

/// <summary>An appointment and the facts that the real-time service would send of it.</summary>
internal sealed class TestCall(TestClinic clinic, Appointment appointment, Patient patient)
{
    public Appointment Appointment { get; } = appointment;

    public Patient Patient { get; } = patient;

    /// <summary>Joined, waiting for a minute, admitted.</summary>
    public static async Task<TestCall> AdmittedAsync(TestClinic clinic, Patient? by = null)
    {
        var (appointment, patient) = await clinic.BookedAsync(patient: by);
        var call = new TestCall(clinic, appointment, patient);
        await clinic.JoinAsync(appointment.Id, patient);
        await clinic.ApplyAsync(call.Waiting());
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.ApplyAsync(call.Admitted());
        return call;
    }

    public ConsultationFact Waiting(DateTimeOffset? at = null) => Fact(ConsultationFactType.Waiting, ConsultationRole.Patient, at);

    public ConsultationFact Admitted(DateTimeOffset? at = null) => Fact(ConsultationFactType.Admitted, ConsultationRole.Clinician, at);

    public ConsultationFact Connected(ConsultationRole role, DateTimeOffset? at = null) => Fact(ConsultationFactType.Connected, role, at);

    public ConsultationFact Disconnected(ConsultationRole role, DateTimeOffset? at = null) => Fact(ConsultationFactType.Disconnected, role, at);

    public ConsultationFact Ended(DateTimeOffset? at = null) => Fact(ConsultationFactType.Ended, null, at);

    public ConsultationFact Began(CallTrouble trouble, ConsultationRole role = ConsultationRole.Patient, DateTimeOffset? at = null) =>
        Fact(ConsultationFactType.TroubleBegan, role, at) with { Trouble = trouble };

    public ConsultationFact Over(CallTrouble trouble, ConsultationRole role = ConsultationRole.Patient, DateTimeOffset? at = null) =>
        Fact(ConsultationFactType.TroubleEnded, role, at) with { Trouble = trouble };

    public ConsultationFact Stepped(CallStep step, TrackDirection? direction = null, ConsultationRole role = ConsultationRole.Patient) =>
        Fact(ConsultationFactType.Stepped, role, null) with { Step = step, Direction = direction };

    public Task<FinishOutcome> FinishAsync(string text = "Advice given.", int version = 0) => clinic.AskAsync<ConsultationNotes, FinishOutcome>(notes =>
        notes.FinishAsync(clinic.Clinician, Appointment.Id, new NoteDraft(text, version), CancellationToken.None));

    public Task<SaveNoteOutcome> DraftAsync(string text, int version) => clinic.AskAsync<ConsultationNotes, SaveNoteOutcome>(notes =>
        notes.SaveDraftAsync(clinic.Clinician, Appointment.Id, new NoteDraft(text, version), CancellationToken.None));

    private ConsultationFact Fact(ConsultationFactType type, ConsultationRole? role, DateTimeOffset? at)
    {
        Guid? person = role switch
        {
            ConsultationRole.Patient => Appointment.PatientId.Value,
            ConsultationRole.Clinician => Appointment.PractitionerId.Value,
            _ => null,
        };
        return new ConsultationFact(Guid.NewGuid(), type, Appointment.ScheduleId, Appointment.Id, person, role, at ?? clinic.Now);
    }
}
