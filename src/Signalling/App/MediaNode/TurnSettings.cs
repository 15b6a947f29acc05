namespace Telemedicine.Signalling.MediaNode;

/// <summary>The TURN servers (RFC 8656) that lead clients to the media node where UDP and TCP do not. A class, so that nothing prints its secret.</summary>
/// <param name="urls">Each "turn:host:port?transport=udp" or the like (RFC 7065), in order of preference.</param>
/// <param name="secret">Shared with the servers: coturn's <c>static-auth-secret</c>, as text.</param>
/// <param name="relayOnly">Clients try no other way.</param>
public sealed class TurnSettings(IReadOnlyList<string> urls, string secret, bool relayOnly)
{
    public IReadOnlyList<string> Urls => urls;

    public string Secret => secret;

    public bool RelayOnly => relayOnly;
}
