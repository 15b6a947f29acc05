using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>An image that everybody in the call looks at, and their pointers on it. The image itself is Web's: here is only which.</summary>
internal sealed partial class Consultation
{
    /// <summary>Who has not acknowledged this many messages is behind: pointers, which are old in a moment, would only add to it.</summary>
    private const int Behind = 50;

    private ImageShown? _image;

    public void ShowImage(Session by, Guid file, string name)
    {
        RequireOpen();
        TellInCall(_image = new ImageShown(file, name, by.Name));
    }

    public void HideImage()
    {
        RequireOpen();
        if (_image is null)
            return;
        _image = null;
        TellInCall(new ImageHidden());
    }

    /// <summary>Others' pages show where this person points. Whoever is reconnecting or behind misses it.</summary>
    public void Point(Session session, double x, double y)
    {
        RequireOpen();
        if (!IsInCall(session))
            throw HubErrors.NotAllowed("You can point once the clinician has let you in.");
        if (_image is null)
            throw HubErrors.NotFound("No image is shown.");
        foreach (var viewer in Viewers(session).Where(viewer => viewer is { Connection: not null, Outbox.Unacknowledged: < Behind }))
            viewer.Outbox.Push(new Pointed(session.ParticipantId, session.Name, x, y));
    }
}
