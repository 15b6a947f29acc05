using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>What a clinician decides of the people in their call.</summary>
public sealed partial class Clinic
{
    public Task LetInAsync(ClientConnection caller, ParticipantId participant) => DecideAsync(caller, session => session.Consultation.LetInGuest(session, participant));

    public Task HoldAsync(ClientConnection caller, ParticipantId participant, bool held) => DecideAsync(caller, session => session.Consultation.Hold(session, participant, held));

    public Task RemoveFromCallAsync(ClientConnection caller, ParticipantId participant) => DecideAsync(caller, session => session.Consultation.RemoveFromCall(session, participant));

    public Task ReadmitAsync(ClientConnection caller, ParticipantId participant) => DecideAsync(caller, session => session.Consultation.Readmit(session, participant));

    public Task HuddleAsync(ClientConnection caller, ParticipantId participant) => DecideAsync(caller, session => session.Consultation.Huddle(session, participant));

    public Task EndHuddleAsync(ClientConnection caller) => DecideAsync(caller, session => session.Consultation.EndHuddle());

    public Task LockAsync(ClientConnection caller, bool locked) => DecideAsync(caller, session => session.Consultation.Lock(locked));

    /// <summary>When it is done, the media node has carried it out too: not a packet goes to, or comes from, whom it put aside.</summary>
    private async Task DecideAsync(ClientConnection caller, Action<Session> decide) => await await AskAsync(() =>
    {
        var session = caller.RequireSession();
        decide(session);
        return session.Consultation.RunMediaAsync(() => Task.CompletedTask);
    });
}
