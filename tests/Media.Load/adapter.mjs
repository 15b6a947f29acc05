// One participant of the generator is one hub connection. A room is a clinic with one consultation; its first participant is the clinician,
// the others come with tickets that say they are admitted.
import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

// signalr's Node build finds its WebSocket with require.
const { HubConnectionBuilder, HttpTransportType, LogLevel } = createRequire(import.meta.url)('@microsoft/signalr');

const port = process.env.PORT ?? '5382';
const secret = Buffer.from(readFileSync(new URL('../../.data/load.key', import.meta.url), 'utf8').trim(), 'base64');
const rooms = new Map();
const participants = new Map();

const say = (message) => process.stdout.write(JSON.stringify(message) + '\n');

function ticket({ id, role, room, name }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'HS256', typ: 'telemedicine-ticket+jwt', kid: 'load' })}.${part({
    iss: 'telemedicine-web', aud: 'telemedicine-signalling', jti: randomUUID(), iat: now, nbf: now, exp: now + 120,
    sub: id, name, role, clinic: room.clinic, consultation: room.consultation, admitted: true,
  })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

class Participant {
  #connection;
  #room;
  #streams = [];
  #told = 0;
  #subscribed = false;
  #consumers = new Map();

  constructor(name) {
    this.name = name;
    this.id = randomUUID();
  }

  async join({ room: number }) {
    let room = rooms.get(number);
    const role = room === undefined ? 'clinician' : 'patient';
    if (room === undefined)
      rooms.set(number, (room = { clinic: randomUUID(), consultation: randomUUID(), names: new Map() }));
    this.#room = room;
    room.names.set(this.id, this.name);
    this.#connection = new HubConnectionBuilder()
      // In Node the library would send the ticket in a header, where the hub, made for browsers, does not look.
      .withUrl(`http://127.0.0.1:${port}/clinics/${room.clinic}/hub?access_token=${ticket({ id: this.id, role, room, name: this.name })}`, {
        transport: HttpTransportType.WebSockets, skipNegotiation: true, headers: { Origin: `http://localhost:${port}` },
      })
      .configureLogging(LogLevel.Error)
      .build();
    this.#connection.on('Receive', (message) => this.#receive(message));
    await this.#connection.start();
    this.capabilities = (await this.#connection.invoke('Join', {})).routerRtpCapabilities;
    return {};
  }

  async publish({ dtls, headerExtensions, audio, video }) {
    const transport = await this.#transport({ direction: 'send' }, dtls);
    const known = (kind) => headerExtensions.filter(({ uri, kind: only }) =>
      (only === undefined || only === kind) && this.capabilities.headerExtensions.some((e) => e.uri === uri && e.kind === kind && e.direction !== 'sendonly'));
    for (const [kind, track] of Object.entries({ audio, video })) {
      if (track === undefined)
        continue;
      const codecs = [{ mimeType: track.mimeType, payloadType: track.pt, clockRate: track.clockRate, channels: track.channels, parameters: {}, rtcpFeedback: feedback(track) }];
      if (track.rtx)
        codecs.push({ mimeType: `${kind}/rtx`, payloadType: track.rtx.pt, clockRate: track.clockRate, parameters: { apt: track.pt }, rtcpFeedback: [] });
      await this.#connection.invoke('Produce', {
        transportId: transport.id, kind, source: kind === 'audio' ? 'microphone' : 'camera', paused: false,
        rtpParameters: {
          mid: track.mid, codecs, headerExtensions: known(kind).map(({ uri, id }) => ({ uri, id })),
          encodings: [{ ssrc: track.ssrc, ...(track.rtx ? { rtx: { ssrc: track.rtx.ssrc } } : {}) }], rtcp: { cname: track.cname, reducedSize: true },
        },
      });
    }
    return { ...offer(transport), headerExtensions: headerExtensions.filter((e) => known('audio').includes(e) || known('video').includes(e)) };
  }

  async subscribe({ dtls, headerExtensions }) {
    const wanted = (e) => headerExtensions.some(({ uri }) => uri === e.uri) && e.direction !== 'recvonly';
    const extensions = this.capabilities.headerExtensions.filter(wanted);
    const transport = await this.#transport({ direction: 'receive', rtpCapabilities: { codecs: this.capabilities.codecs, headerExtensions: extensions } }, dtls);
    this.#subscribed = true;
    return {
      ...offer(transport), streams: this.#untold(),
      headerExtensions: extensions.map(({ uri, preferredId, kind }) => ({ uri, id: preferredId, kind })),
    };
  }

  async resume({ ssrcs }) {
    await Promise.all(ssrcs.map((ssrc) => this.#connection.invoke('ResumeConsumer', this.#consumers.get(ssrc))));
    return {};
  }

  async leave() {
    await this.#connection.invoke('Leave').catch(() => {});
    await this.#connection.stop();
    participants.delete(this.name);
    return {};
  }

  async #transport(request, dtls) {
    const transport = await this.#connection.invoke('CreateTransport', request);
    await this.#connection.invoke('ConnectTransport', transport.id, { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: dtls.fingerprint }] });
    return transport;
  }

  #receive(message) {
    if (message.type === 'consumerAdded') {
      const [codec] = message.rtpParameters.codecs;
      const [encoding] = message.rtpParameters.encodings;
      this.#consumers.set(encoding.ssrc, message.consumerId);
      this.#streams.push({ publisher: this.#room.names.get(message.participantId), kind: message.kind, pt: codec.payloadType, ssrc: encoding.ssrc, rtxSsrc: encoding.rtx?.ssrc });
      if (this.#subscribed)
        say({ event: 'streams', participant: this.name, streams: this.#untold() });
    }
    if (message.sequence % 20 === 0)
      this.#connection.send('Acknowledge', message.sequence).catch(() => {});
  }

  #untold() {
    const streams = this.#streams.slice(this.#told);
    this.#told = this.#streams.length;
    return streams;
  }
}

const feedback = (track) => (track.rtcpFeedback ?? []).map((text) => {
  const [type, parameter] = text.split(' ');
  return { type, ...(parameter ? { parameter } : {}) };
});

const offer = ({ iceParameters, iceCandidates, dtlsParameters }) => {
  const { ip, port: udpPort } = iceCandidates.find(({ protocol }) => protocol === 'udp');
  return {
    ice: { ufrag: iceParameters.usernameFragment, pwd: iceParameters.password, ip, port: udpPort },
    dtls: { role: 'server', fingerprint: dtlsParameters.fingerprints[0].value },
  };
};

const input = createInterface({ input: process.stdin });
input.on('line', async (line) => {
  const request = JSON.parse(line);
  let participant = participants.get(request.participant);
  if (participant === undefined)
    participants.set(request.participant, (participant = new Participant(request.participant)));
  try {
    say({ id: request.id, result: await participant[request.method](request) });
  } catch (error) {
    say({ id: request.id, error: error.message });
  }
});
input.on('close', () => process.exit(0));
