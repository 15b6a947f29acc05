using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>A clinic with a consultation, and the people who open it. Each call makes a fresh ticket, as Web does.</summary>
public sealed class ClinicWorld(SignallingHost host)
{
    public const string PatientName = "Wilhelmina Featherstonehaugh";
    public const string CarerName = "Philippa Featherstonehaugh (carer)";
    public const string ClinicianName = "Dr Bartholomew Quickenden";

    public SignallingHost Host => host;

    public ClinicId Clinic { get; } = new(Guid.NewGuid());

    public ConsultationId Consultation { get; } = new(Guid.NewGuid());

    public ParticipantId Patient { get; } = new(Guid.NewGuid());

    public ParticipantId Carer { get; } = new(Guid.NewGuid());

    public const string GuestName = "Anastasia Costa (interpreter)";

    public ParticipantId Guest { get; } = new(Guid.NewGuid());

    public ParticipantId Clinician { get; } = new(Guid.NewGuid());

    public Ticket Ticket(ParticipantRole role, bool admitted = false) => role switch
    {
        ParticipantRole.Patient => new(Guid.NewGuid(), Patient, PatientName, role, Clinic, Consultation, admitted),
        ParticipantRole.Carer => new(Guid.NewGuid(), Carer, CarerName, role, Clinic, Consultation, admitted),
        ParticipantRole.Guest => new(Guid.NewGuid(), Guest, GuestName, role, Clinic, Consultation, admitted),
        ParticipantRole.Clinician => new(Guid.NewGuid(), Clinician, ClinicianName, role, Clinic, Consultation, admitted),
        _ => BoardTicket(role),
    };

    public Ticket BoardTicket(ParticipantRole role) =>
        new(Guid.NewGuid(), role == ParticipantRole.Clinician ? Clinician : new(Guid.NewGuid()), "Ermintrude Applegarth", role, Clinic, null, false);

    /// <summary>A ticket of one more guest.</summary>
    public Ticket Another(string name, bool admitted = false) => new(Guid.NewGuid(), new(Guid.NewGuid()), name, ParticipantRole.Guest, Clinic, Consultation, admitted);

    /// <summary>A ticket for a role, saying this of the room.</summary>
    public Ticket Ticket(ParticipantRole role, RoomDecisions room, bool admitted = true) => Ticket(role, admitted) with { Room = room };

    public async Task<(HubConnectionFixture Connection, JsonElement Result)> JoinAsync(Ticket ticket)
    {
        var connection = await host.ConnectAsync(ticket);
        return (connection, await connection.InvokeAsync("Join", new { }));
    }

    public Task<HubConnectionFixture> ConnectAsync(ParticipantRole role, bool admitted = false) => host.ConnectAsync(Ticket(role, admitted));

    public async Task<(HubConnectionFixture Connection, JsonElement Result)> JoinAsync(ParticipantRole role, object? resume = null, bool admitted = false)
    {
        var connection = await ConnectAsync(role, admitted);
        return (connection, await connection.InvokeAsync("Join", new { resume }));
    }

    /// <summary>Patient and clinician, both in the call.</summary>
    public async Task<(HubConnectionFixture Patient, HubConnectionFixture Clinician)> InCallAsync()
    {
        var (patient, _) = await JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", Consultation);
        await patient.NextAsync("phaseChanged");
        await clinician.NextAsync("phaseChanged", message => message.GetProperty("phase").GetString() == "inCall");
        return (patient, clinician);
    }

    /// <summary>Says something on behalf of the sender and returns its client id.</summary>
    public static async Task<Guid> SayAsync(HubConnectionFixture sender, string text)
    {
        var clientId = Guid.NewGuid();
        await sender.InvokeAsync("SendChat", new { clientId, text });
        return clientId;
    }

    /// <summary>What the sequence numbers of the messages must be: each once, rising by 1.</summary>
    public static void AssertInOrder(IEnumerable<JsonElement> messages, long after)
    {
        var sequences = messages.Select(message => message.GetProperty("sequence").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(number => number + after), sequences);
    }

    public static string? Type(JsonElement message) => message.GetProperty("type").GetString();
}
