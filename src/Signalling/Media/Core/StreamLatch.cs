using System.Text;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>Finds the track of an SSRC that was not announced (simulcast) by the mid and rid in its packets (RFC 8852, RFC 9143 §9.2).</summary>
internal sealed class StreamLatch
{
    private readonly List<Candidate> _candidates = [];
    private HeaderExtensionMap? _extensions;

    private sealed record Candidate(IncomingTrack Track, int Encoding, byte[] Mid, byte[] Rid);

    /// <param name="tracks">All of the transport. They share one set of header extension ids, as media of one bundle do.</param>
    public void Update(List<IncomingTrack> tracks)
    {
        _candidates.Clear();
        foreach (var track in tracks)
        {
            for (var i = 0; i < track.Format.Encodings.Count; i++)
            {
                var encoding = track.Format.Encodings[i];
                if (encoding.Ssrc != 0 || encoding.Rid is null || track.Format.Mid is null)
                    continue;
                _candidates.Add(new Candidate(track, i, Encoding.UTF8.GetBytes(track.Format.Mid), Encoding.UTF8.GetBytes(encoding.Rid)));
                _extensions = track.Format.Extensions;
            }
        }
    }

    /// <param name="encoding">The index of the track's encoding.</param>
    /// <param name="isRetransmission">The packet names the rid that it repairs.</param>
    public bool TryMatch(
        ReadOnlySpan<byte> packet,
        in RtpHeader header,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IncomingTrack? track,
        out int encoding,
        out bool isRetransmission)
    {
        track = null;
        encoding = 0;
        isRetransmission = false;
        if (_candidates.Count == 0 || _extensions is null)
            return false;
        ReadOnlySpan<byte> mid = default, rid = default;
        var elements = new HeaderExtensionReader(packet, header);
        while (elements.MoveNext())
        {
            if (elements.Id == _extensions.Mid)
                mid = elements.Data;
            else if (elements.Id == _extensions.Rid && !isRetransmission)
                rid = elements.Data;
            else if (elements.Id == _extensions.RepairedRid)
            {
                rid = elements.Data;
                isRetransmission = true;
            }
        }

        foreach (var candidate in _candidates)
        {
            if (!mid.SequenceEqual(candidate.Mid) || !rid.SequenceEqual(candidate.Rid))
                continue;
            track = candidate.Track;
            encoding = candidate.Encoding;
            return true;
        }

        return false;
    }
}
