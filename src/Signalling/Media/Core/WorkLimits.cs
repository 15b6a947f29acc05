namespace Telemedicine.Media.Core;

/// <summary>What one worker does in a second, at most, for those who have proved nothing yet. What is beyond is dropped before any cryptography; whoever means it sends again.</summary>
/// <param name="ChecksPerSecond">STUN checks from addresses that never passed one (some microseconds each).</param>
/// <param name="HandshakesPerSecond">DTLS handshakes begun (half a millisecond each).</param>
internal sealed record WorkLimits(int ChecksPerSecond, int HandshakesPerSecond);
