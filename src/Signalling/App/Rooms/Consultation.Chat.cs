using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>Whether the conversation outlives the room. What is said aside, while somebody is on hold, does not: the patient and carers read what is kept.</summary>
internal sealed partial class Consultation
{
    private bool _chatKept;

    /// <summary>The clinician keeps the conversation: all of it, as everybody was told that they may. There is no way back, since it is in the record by then.</summary>
    public void KeepChat(Session by)
    {
        RequireOpen();
        if (_chatKept)
            return;
        Publish(ConsultationEventType.ChatKept, by.ParticipantId, by.Role, time.GetUtcNow());
        Keep();
    }

    private void Keep()
    {
        if (_chatKept)
            return;
        _chatKept = true;
        foreach (var message in _chat.Where(IsForAll))
            PublishSaid(message);
        TellInCall(new ChatKept());
    }

    private void PublishSaid(ChatMessage message) =>
        events.Publish(new ConsultationEvent(message.Id, ConsultationEventType.Said, clinic.Id, id, message.ParticipantId, message.Role, message.At, message.Text));
}
