using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.MediaNode;

namespace Telemedicine.Signalling.Rooms;

/// <summary>
/// The echoes of this node. Consultations come first: an echo is refused while the node is busy, takes no place from a call, and ends by itself.
/// </summary>
public sealed class EchoRooms(MediaHost media, SignallingSettings settings, TimeProvider time)
{
    /// <summary>What a check takes, a slow start and a second try included.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>From this share of its places taken on, a node has none left over for checks.</summary>
    public const double BusyFrom = 0.8;

    private readonly Lock _gate = new();
    private readonly Dictionary<ParticipantId, EchoRoom> _rooms = [];

    /// <summary>Opens the one room that a person has; a room of theirs from before is closed, as a page that was loaded again leaves one behind.</summary>
    /// <param name="abort">Ends the connection when the time is up.</param>
    /// <exception cref="Microsoft.AspNetCore.SignalR.HubException">The node has no room for checks now.</exception>
    internal EchoRoom Open(ParticipantId person, Action abort)
    {
        EchoRoom room;
        EchoRoom? former;
        lock (_gate)
        {
            _rooms.TryGetValue(person, out former);
            if (IsBusy(media.Load) || _rooms.Count - (former is null ? 0 : 1) >= settings.MaximumChecks)
                throw Busy();
            try
            {
                room = new EchoRoom(media.CreateEchoRouter(), abort, Forget);
            }
            catch (MediaException)
            {
                throw Busy();
            }
            room.Person = person;
            _rooms[person] = room;
            room.Limit(time, Longest);
        }
        former?.End();
        return room;
    }

    public static bool IsBusy(MediaLoad load) =>
        load.Draining || load.Rooms >= load.MaximumRooms * BusyFrom || load.Participants >= load.MaximumParticipants * BusyFrom;

    private static Microsoft.AspNetCore.SignalR.HubException Busy() => HubErrors.Full("The call service is too busy to check your connection now. Try again later.");

    private void Forget(EchoRoom room)
    {
        lock (_gate)
        {
            if (_rooms.GetValueOrDefault(room.Person) == room)
                _rooms.Remove(room.Person);
        }
    }
}
