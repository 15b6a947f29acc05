using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.SignalR;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Hubs;

/// <summary>What a hub method may touch.</summary>
public enum HubScope
{
    /// <summary>Nothing but the calling connection.</summary>
    OwnConnection,

    /// <summary>The live state of the ticket's clinic.</summary>
    OwnClinic,

    /// <summary>A consultation named in the call, of the ticket's clinic.</summary>
    ConsultationOfOwnClinic,

    /// <summary>The ticket's consultation.</summary>
    OwnConsultation,

    /// <summary>The conversation of the ticket's consultation: a patient only once admitted.</summary>
    OwnCall,

    /// <summary>A session named in the call: somebody else's, in the ticket's consultation.</summary>
    OtherOfOwnCall,

    /// <summary>A person named in the call, other than a clinician: somebody who is or was in the ticket's consultation.</summary>
    PersonOfOwnCall,

    /// <summary>The session that this connection joined with.</summary>
    OwnSession,

    /// <summary>A transport named in the call, of the own session.</summary>
    OwnTransport,

    /// <summary>A producer named in the call, of the own session.</summary>
    OwnProducer,

    /// <summary>A consumer named in the call, of the own session.</summary>
    OwnConsumer,
}

/// <summary>Which token bucket a call is taken from.</summary>
public enum RateClass
{
    General,
    Chat,

    /// <summary>Ten a second look smooth; somewhat more are let through.</summary>
    Pointer,
}

/// <summary>One row: who may call a method, on what, how often.</summary>
public sealed record HubMethod(string Name, HubScope Scope, RateClass Rate, params ParticipantRole[] Roles)
{
    /// <summary>A board's ticket names no consultation and opens none of these.</summary>
    public bool NeedsConsultation => Scope is not (HubScope.OwnConnection or HubScope.OwnClinic or HubScope.ConsultationOfOwnClinic);
}

/// <summary>The one table of a hub's methods. What is not in it cannot be called, and the service does not start.</summary>
public sealed class HubMethods(IEnumerable<HubMethod> rows)
{
    private static readonly ParticipantRole[] PatientsSide = [ParticipantRole.Patient, ParticipantRole.Carer];

    /// <summary>Who takes part in a consultation: the patient's side, guests and the clinician.</summary>
    private static readonly ParticipantRole[] InCall = [ParticipantRole.Patient, ParticipantRole.Carer, ParticipantRole.Guest, ParticipantRole.Clinician];

    private readonly FrozenDictionary<string, HubMethod> _rows = rows.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    public static HubMethods Default { get; } = new(
    [
        new("Join", HubScope.OwnConsultation, RateClass.General, InCall),
        new("WatchBoard", HubScope.OwnClinic, RateClass.General, ParticipantRole.Clinician, ParticipantRole.Staff, ParticipantRole.Administrator),
        new("Acknowledge", HubScope.OwnConnection, RateClass.General, [.. InCall, ParticipantRole.Staff, ParticipantRole.Administrator]),
        new("Admit", HubScope.ConsultationOfOwnClinic, RateClass.General, ParticipantRole.Clinician),
        new("CreateTransport", HubScope.OwnSession, RateClass.General, InCall),
        new("ConnectTransport", HubScope.OwnTransport, RateClass.General, InCall),
        new("RestartIce", HubScope.OwnTransport, RateClass.General, InCall),
        new("Produce", HubScope.OwnTransport, RateClass.General, InCall),
        new("PauseProducer", HubScope.OwnProducer, RateClass.General, InCall),
        new("ResumeProducer", HubScope.OwnProducer, RateClass.General, InCall),
        new("CloseProducer", HubScope.OwnProducer, RateClass.General, InCall),
        new("PauseConsumer", HubScope.OwnConsumer, RateClass.General, InCall),
        new("ResumeConsumer", HubScope.OwnConsumer, RateClass.General, InCall),
        new("SetShownSize", HubScope.OwnConsumer, RateClass.General, InCall),
        new("SendChat", HubScope.OwnCall, RateClass.Chat, InCall),
        new("KeepChat", HubScope.OwnCall, RateClass.General, ParticipantRole.Clinician),
        new("ShowImage", HubScope.OwnCall, RateClass.General, ParticipantRole.Clinician),
        new("HideImage", HubScope.OwnCall, RateClass.General, ParticipantRole.Clinician),
        new("Point", HubScope.OwnCall, RateClass.Pointer, InCall),
        new("ReportDevices", HubScope.OwnSession, RateClass.General, InCall),
        new("KeepVideo", HubScope.OwnSession, RateClass.General, InCall),
        new("UseTelephone", HubScope.OwnCall, RateClass.General, [.. PatientsSide, ParticipantRole.Clinician]),
        new("RaiseHand", HubScope.OwnCall, RateClass.General, InCall),
        new("Mute", HubScope.OtherOfOwnCall, RateClass.General, ParticipantRole.Clinician),
        new("LetIn", HubScope.PersonOfOwnCall, RateClass.General, ParticipantRole.Clinician),
        new("Hold", HubScope.PersonOfOwnCall, RateClass.General, ParticipantRole.Clinician),
        new("Resume", HubScope.PersonOfOwnCall, RateClass.General, ParticipantRole.Clinician),
        new("Remove", HubScope.PersonOfOwnCall, RateClass.General, ParticipantRole.Clinician),
        new("Readmit", HubScope.PersonOfOwnCall, RateClass.General, ParticipantRole.Clinician),
        new("Huddle", HubScope.PersonOfOwnCall, RateClass.General, ParticipantRole.Clinician),
        new("EndHuddle", HubScope.OwnCall, RateClass.General, ParticipantRole.Clinician),
        new("Lock", HubScope.OwnCall, RateClass.General, ParticipantRole.Clinician),
        new("Leave", HubScope.OwnSession, RateClass.General, InCall),
    ]);

    /// <summary>The echo of a device check: nobody but who came for it, and nothing but their own.</summary>
    public static HubMethods Echo { get; } = new(
    [
        new("Begin", HubScope.OwnConnection, RateClass.General, ParticipantRole.Check),
        new("CreateTransport", HubScope.OwnSession, RateClass.General, ParticipantRole.Check),
        new("ConnectTransport", HubScope.OwnTransport, RateClass.General, ParticipantRole.Check),
        new("Produce", HubScope.OwnTransport, RateClass.General, ParticipantRole.Check),
        new("Resume", HubScope.OwnSession, RateClass.General, ParticipantRole.Check),
        new("Statistics", HubScope.OwnSession, RateClass.General, ParticipantRole.Check),
    ]);

    public IEnumerable<HubMethod> Rows => _rows.Values;

    public HubMethod? Find(string name) => _rows.GetValueOrDefault(name);

    /// <summary>Every method that <paramref name="hub"/> offers has a row, and every row a method.</summary>
    /// <exception cref="InvalidOperationException">One of them has not.</exception>
    public void Verify(Type hub)
    {
        var offered = hub.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && method.GetBaseDefinition().DeclaringType == hub)
            .Select(method => method.Name)
            .ToList();
        if (offered.Except(_rows.Keys).FirstOrDefault() is { } unlisted)
            throw new InvalidOperationException($"{hub.Name}.{unlisted} is not in the table of hub methods: say there who may call it on what.");
        if (_rows.Keys.Except(offered).FirstOrDefault() is { } missing)
            throw new InvalidOperationException($"The table of hub methods lists {missing}, which {hub.Name} does not have.");
        if (hub.BaseType != typeof(Hub))
            throw new InvalidOperationException($"{hub.Name} must derive from Hub itself, so that it offers no method from elsewhere.");
    }
}
