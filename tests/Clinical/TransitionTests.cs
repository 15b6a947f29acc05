using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Audit;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

/// <summary>Each step of an appointment, tried from each state by each kind of person: allowed or refused exactly as the table says, and recorded exactly when allowed.</summary>
public sealed class TransitionTests
{
    private const string Reason = "Because of this";
    private const CarerRights Everything = CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations;

    private static readonly string[] Everyone = ["patient", "another patient", "carer", "carer who may only see", "another patient's carer", "clinician", "another clinician", "staff", "administrator", "another practice's staff"];

    /// <summary>Step, state before, state after, and who may take it. Whatever is not here is refused.</summary>
    private static readonly (string Step, AppointmentStatus From, AppointmentStatus To, string[] By)[] Allowed =
    [
        ("join", AppointmentStatus.Booked, AppointmentStatus.Arrived, ["patient", "carer"]),
        ("cancel", AppointmentStatus.Booked, AppointmentStatus.Cancelled, ["patient", "carer", "staff", "administrator"]),
        ("cancel", AppointmentStatus.Arrived, AppointmentStatus.Cancelled, ["patient", "carer", "staff", "administrator"]),
        ("did not attend", AppointmentStatus.Booked, AppointmentStatus.NoShow, ["clinician", "staff", "administrator"]),
        ("arrive", AppointmentStatus.Booked, AppointmentStatus.Arrived, ["clinician", "staff", "administrator"]),
        ("undo", AppointmentStatus.Arrived, AppointmentStatus.Booked, ["clinician", "staff", "administrator"]),
        ("undo", AppointmentStatus.NoShow, AppointmentStatus.Booked, ["clinician", "staff", "administrator"]),
        ("finish", AppointmentStatus.CheckedIn, AppointmentStatus.Fulfilled, ["clinician"]),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, AppointmentStatus> Tried
    {
        get
        {
            var tried = new TheoryData<string, AppointmentStatus>();
            foreach (var step in new[] { "join", "cancel", "arrive", "did not attend", "undo", "finish" })
            {
                foreach (var from in new[] { AppointmentStatus.Booked, AppointmentStatus.Arrived, AppointmentStatus.CheckedIn, AppointmentStatus.Fulfilled, AppointmentStatus.Cancelled, AppointmentStatus.NoShow })
                    tried.Add(step, from);
            }

            return tried;
        }
    }

    [Theory]
    [MemberData(nameof(Tried))]
    public async Task A_step_is_taken_by_whom_the_table_names_and_by_nobody_else(string step, AppointmentStatus from)
    {
        foreach (var who in Everyone)
        {
            await using var clinic = await TestClinic.CreateAsync();
            await using var neighbour = await clinic.NeighbourAsync();
            var call = await InStateAsync(clinic, from);
            var actor = await ActorAsync(clinic, neighbour, call, who);
            // A missed appointment's start has passed already.
            var at = call.Appointment.Start.AddMinutes(-1);
            if (at > clinic.Now)
                clinic.Clock.SetUtcNow(at);
            if (step == "did not attend")
                await clinic.ClinicianWaitsAsync(call.Appointment.Id);
            var allowed = Allowed.SingleOrDefault(row => row.Step == step && row.From == from && row.By.Contains(who));
            var before = await EventsAsync(clinic, call);

            await TryAsync(clinic, step, actor, call);

            var told = $"{who} tries to {step} from {from}";
            Assert.True((allowed.Step is null ? from : allowed.To) == (await clinic.AppointmentAsync(call.Appointment.Id)).Status, told);
            var after = (await EventsAsync(clinic, call)).Skip(before.Count).Where(audit => audit.After?.Contains("\"Status\"", StringComparison.Ordinal) == true).ToList();
            if (allowed.Step is null)
            {
                Assert.True(after.Count == 0, told);
                continue;
            }

            Assert.NotEmpty(after);
            Assert.All(after, audit => Assert.Equal((actor.Role, actor.PersonId, clinic.Now), (audit.ActorRole, audit.ActorId, audit.At)));
            Assert.Equal(from.ToString(), Status(after[0].Before));
            Assert.Equal(allowed.To.ToString(), Status(after[^1].After));
            if (step is "cancel" or "undo")
                Assert.All(after, audit => Assert.Equal(Reason, audit.Reason));
        }
    }

    private static async Task<TestCall> InStateAsync(TestClinic clinic, AppointmentStatus status)
    {
        if (status is AppointmentStatus.CheckedIn or AppointmentStatus.Fulfilled)
        {
            var admitted = await TestCall.AdmittedAsync(clinic);
            if (status == AppointmentStatus.Fulfilled)
                await admitted.FinishAsync();
            return admitted;
        }

        var (appointment, patient) = await clinic.BookedAsync();
        switch (status)
        {
            case AppointmentStatus.Arrived:
                await clinic.JoinAsync(appointment.Id, patient);
                break;
            case AppointmentStatus.Cancelled:
                await clinic.CancelAsync(appointment.Id, clinic.Staff);
                break;
            case AppointmentStatus.NoShow:
                await clinic.ClinicianWaitsAsync(appointment.Id);
                await clinic.MissAsync(appointment.Id);
                break;
        }

        var call = new TestCall(clinic, appointment, patient);
        Assert.Equal(status, (await clinic.AppointmentAsync(appointment.Id)).Status);
        return call;
    }

    private static async Task<Actor> ActorAsync(TestClinic clinic, TestClinic neighbour, TestCall call, string who) => who switch
    {
        "patient" => Actor.For(call.Patient),
        "another patient" => Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal")),
        "carer" => await clinic.AddCarerAsync(call.Patient, Everything),
        "carer who may only see" => await clinic.AddCarerAsync(call.Patient, CarerRights.SeeAppointments),
        "another patient's carer" => await clinic.AddCarerAsync(await clinic.AddPatientAsync("Mohammed", "Iqbal"), Everything),
        "clinician" => clinic.Clinician,
        "another clinician" => Actor.For(await clinic.AddClinicianAsync()),
        "staff" => clinic.Staff,
        "administrator" => clinic.Staff with { Role = ActorRole.Administrator },
        _ => neighbour.Staff,
    };

    private static async Task TryAsync(TestClinic clinic, string step, Actor actor, TestCall call)
    {
        var id = call.Appointment.Id;
        try
        {
            object outcome = step switch
            {
                "join" => await clinic.AskAsync<ConsultationService, JoinOutcome>(service => service.JoinAsync(actor, id, Cancel)),
                "cancel" => await clinic.AskAsync<BookingService, CancelOutcome>(service => service.CancelAsync(actor, id, Reason, Cancel)),
                "did not attend" => await clinic.AskAsync<AttendanceService, DidNotAttendOutcome>(service => service.MarkMissedAsync(actor, id, Absence.DidNotAttend, Cancel)),
                "arrive" => await clinic.AskAsync<AttendanceService, ArrivedOutcome>(service => service.MarkArrivedAsync(actor, id, Cancel)),
                "undo" => await clinic.AskAsync<AttendanceService, UndoOutcome>(service => service.UndoAsync(actor, id, Reason, Cancel)),
                _ => await clinic.AskAsync<ConsultationNotes, FinishOutcome>(service => service.FinishAsync(actor, id, new NoteDraft("Advice given.", 0), Cancel)),
            };
            Assert.NotNull(outcome);
        }
        catch (NotAllowedException)
        {
            // Their pages would not have let them come so far.
        }
    }

    private static Task<List<AuditEvent>> EventsAsync(TestClinic clinic, TestCall call) =>
        clinic.ReadAsync(db => db.AuditEvents.AsNoTracking().Where(row => row.EntityId == call.Appointment.Id.Value && row.Entity == nameof(Appointment)).OrderBy(row => row.Id).ToListAsync(Cancel));

    private static string? Status(string? json) => json is null ? null : JsonDocument.Parse(json).RootElement.GetProperty("Status").GetString();
}
