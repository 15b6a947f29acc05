"""A participant made of aiortc: sends a tone and a coloured picture, receives its own back through the SFU, and says what it heard and saw.

One line of JSON each way at a time: in {send, receive} (transports), out {send, receive} (fingerprints) with {audio, video} (SSRCs);
in {audio, video} (consumers' parameters), out {ready}; then out {hertz, colour} once enough came.
"""

import asyncio
import fractions
import json
import math
import sys

import aioice.ice
import av
import numpy
from aiortc import (
    RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport, RTCIceCandidate, RTCIceGatherer, RTCIceParameters, RTCIceTransport,
    RTCRtpReceiver, RTCRtpSender,
)
from aiortc.mediastreams import MediaStreamTrack
from aiortc.rtcrtpreceiver import RemoteStreamTrack
from aiortc.rtcrtpparameters import (
    RTCRtcpFeedback, RTCRtcpParameters, RTCRtpCodecParameters, RTCRtpDecodingParameters, RTCRtpReceiveParameters, RTCRtpSendParameters,
)

HERTZ = 660
COLOUR = (200, 60, 40)
RATE = 48_000
SAMPLES = 960

# It gathers no loopback candidate of itself, and this test stays on this machine.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


class Tone(MediaStreamTrack):
    kind = "audio"
    sent = 0

    async def recv(self):
        await asyncio.sleep(SAMPLES / RATE)
        times = numpy.arange(self.sent, self.sent + SAMPLES)
        frame = av.AudioFrame.from_ndarray((8000 * numpy.sin(2 * math.pi * HERTZ * times / RATE)).astype(numpy.int16)[numpy.newaxis], "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.sent, fractions.Fraction(1, RATE)
        self.sent += SAMPLES
        return frame


class Picture(MediaStreamTrack):
    kind = "video"
    sent = 0

    async def recv(self):
        await asyncio.sleep(1 / 15)
        pixels = numpy.empty((240, 320, 3), numpy.uint8)
        pixels[:] = COLOUR
        frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = self.sent * 6000, fractions.Fraction(1, 90_000)
        self.sent += 1
        return frame


def say(message):
    print(json.dumps(message), flush=True)


async def hear():
    line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    if not line:
        raise EOFError("The test is gone.")
    return json.loads(line)


class Transport:
    """The client's side of one: controlling ICE agent, DTLS client."""

    def __init__(self, remote):
        self.remote = remote
        self.ice = RTCIceTransport(RTCIceGatherer(iceServers=[]))
        self.ice._connection.ice_controlling = True
        self.dtls = RTCDtlsTransport(self.ice, [RTCCertificate.generateCertificate()])
        self.dtls._set_role("client")

    @property
    def fingerprint(self):
        return next(f.value for f in self.dtls.getLocalParameters().fingerprints if f.algorithm == "sha-256")

    async def connect(self):
        await self.ice.iceGatherer.gather()
        for each in self.remote["iceCandidates"]:
            if each["protocol"] == "udp":
                await self.ice.addRemoteCandidate(RTCIceCandidate(
                    component=1, foundation=each["foundation"], ip=each["ip"], port=each["port"], priority=each["priority"], protocol="udp", type="host"))
        await self.ice.addRemoteCandidate(None)
        parameters = self.remote["iceParameters"]
        await self.ice.start(RTCIceParameters(parameters["usernameFragment"], parameters["password"], iceLite=True))
        fingerprints = [RTCDtlsFingerprint(f["algorithm"], f["value"]) for f in self.remote["dtlsParameters"]["fingerprints"]]
        await self.dtls.start(RTCDtlsParameters(fingerprints, role="server"))
        if self.dtls.state != "connected":
            raise ConnectionError(f"DTLS is {self.dtls.state}.")


def codec_of(codec):
    return RTCRtpCodecParameters(
        mimeType=codec["mimeType"], clockRate=codec["clockRate"], channels=codec.get("channels"), payloadType=codec["payloadType"],
        rtcpFeedback=[RTCRtcpFeedback(f["type"], f.get("parameter")) for f in codec.get("rtcpFeedback", [])])


async def receive(kind, transport, parameters, own_ssrc):
    codec = parameters["codecs"][0]
    receiver = RTCRtpReceiver(kind, transport.dtls)
    # What RTCPeerConnection would set: without it there is nothing to decode into, and no feedback.
    receiver._track = RemoteStreamTrack(kind=kind)
    receiver._set_rtcp_ssrc(own_ssrc)
    await receiver.receive(RTCRtpReceiveParameters(
        codecs=[codec_of(codec)], encodings=[RTCRtpDecodingParameters(ssrc=parameters["encodings"][0]["ssrc"], payloadType=codec["payloadType"])],
        muxId=parameters["mid"]))
    return receiver


async def tone_of(track):
    """The pitch of one second, once it is a sound at all."""
    heard = []
    while len(heard) < 50:
        samples = (await track.recv()).to_ndarray().reshape(-1)[::2].astype(float)
        if numpy.abs(samples).max() > 1000:
            heard.append(samples)
    spectrum = numpy.abs(numpy.fft.rfft(numpy.concatenate(heard)))
    return float(numpy.argmax(spectrum)) * RATE / sum(len(each) for each in heard)


async def colour_of(track):
    """The middle of the fifteenth picture."""
    for _ in range(14):
        await track.recv()
    return [int(value) for value in (await track.recv()).to_ndarray(format="rgb24")[120, 160]]


async def main():
    transports = await hear()
    send, receiving = Transport(transports["send"]), Transport(transports["receive"])
    audio, video = RTCRtpSender(Tone(), send.dtls), RTCRtpSender(Picture(), send.dtls)
    say({"send": send.fingerprint, "receive": receiving.fingerprint, "audio": audio._ssrc, "video": video._ssrc})

    consumers = await hear()
    await asyncio.gather(send.connect(), receiving.connect())
    heard = await receive("audio", receiving, consumers["audio"], audio._ssrc)
    seen = await receive("video", receiving, consumers["video"], video._ssrc)
    rtcp = RTCRtcpParameters(cname="aiortc", mux=True)
    await audio.send(RTCRtpSendParameters(codecs=[RTCRtpCodecParameters("audio/opus", RATE, 2, 111)], rtcp=rtcp, muxId="0"))
    await video.send(RTCRtpSendParameters(
        codecs=[RTCRtpCodecParameters("video/VP8", 90_000, None, 96, [RTCRtcpFeedback("nack"), RTCRtcpFeedback("nack", "pli")])], rtcp=rtcp, muxId="1"))
    say({"ready": True})

    hertz, colour = await asyncio.gather(tone_of(heard.track), colour_of(seen.track))
    say({"hertz": hertz, "colour": colour})
    for each in (audio, video, heard, seen):
        await each.stop()


asyncio.run(asyncio.wait_for(main(), 60))
