namespace Telemedicine.Media;

/// <summary>How full a node is.</summary>
/// <param name="Rooms">Consultations that have a router.</param>
/// <param name="Participants">Open transports that send: one for each page in a call or its waiting room.</param>
/// <param name="Draining">The node is about to stop: calls go on, none begins.</param>
public readonly record struct MediaLoad(int Rooms, int MaximumRooms, int Participants, int MaximumParticipants, bool Draining)
{
    /// <summary>Whether one more consultation may begin. Those that have begun are let on in any case.</summary>
    public bool HasRoom => !Draining && Rooms < MaximumRooms && Participants < MaximumParticipants;
}
