// Loaded when the network step begins, for it brings mediasoup-client and SignalR with it.
import { Device, type types } from 'mediasoup-client';
import type { TransportParameters } from '../call/protocol';
import { hubErrorCode, openHubSocket, type HubSocket, type OpenHubSocket } from '../realtime/hub-socket';
import { fetchTicket, type Ticket } from '../realtime/tickets';
import { figuresOf, type Sample, type ServerStatistics, type Stat } from './figures';
import type { Figures, Outcome } from './result';

export interface Measured {
  readonly outcome: Outcome;
  readonly figures?: Figures;
}

/** What the measuring needs from outside, so that it can be tried without a network. */
export interface EchoOptions {
  readonly ticket: () => Promise<Ticket>;
  readonly open: OpenHubSocket;
  readonly device: () => Promise<Pick<Device, 'load' | 'recvRtpCapabilities' | 'createSendTransport' | 'createRecvTransport'>>;
  readonly source: () => TestSource;
  readonly progress: (done: number) => void;
}

/** A picture and a sound that are nobody's. */
export interface TestSource {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack;
  stop(): void;
}

interface Produced {
  readonly id: string;
  readonly consumerId: string;
  readonly kind: types.MediaKind;
  readonly rtpParameters: types.RtpParameters;
}

const second = 1_000;
const samples = 10;

/** ICE tries UDP first, and TCP or a relay when it is blocked, which takes some seconds. */
const connectTimeout = 20_000;

/** A camera's middle layer and more: enough to tell a good network from a poor one without wearing out a data plan. */
const maxBitrate = 1_500_000;

/** Sends a test picture to the call service and back for ten seconds, and says how it fared. */
export function measure(ticketUrl: string, progress: (done: number) => void): Promise<Measured> {
  return measureWith({ ticket: () => fetchTicket(ticketUrl), open: openHubSocket, device: () => Device.factory(), source: makeSource, progress });
}

export async function measureWith(options: EchoOptions): Promise<Measured> {
  const ticket = await options.ticket().catch(() => undefined);
  if (!ticket) return { outcome: 'Failed' };
  let lost: () => void = () => undefined;
  const cut = new Promise<never>((_, reject) => {
    lost = () => reject(new Error('The connection to the echo was lost.'));
  });
  cut.catch(() => undefined);
  // Web answered: what does not let this through blocks calls.
  const socket = await options.open(ticket, { received: () => undefined, closed: lost }).catch(() => undefined);
  if (!socket) return { outcome: 'Blocked' };
  try {
    return await Promise.race([echo(options, socket), cut]);
  } catch (error) {
    return { outcome: hubErrorCode(error) === 'full' ? 'Busy' : 'Failed' };
  } finally {
    socket.close();
  }
}

async function echo({ device: makeDevice, source: makeTestSource, progress }: EchoOptions, socket: HubSocket): Promise<Measured> {
  const { routerRtpCapabilities } = await socket.invoke<{ routerRtpCapabilities: types.RtpCapabilities }>('Begin');
  const device = await makeDevice();
  await device.load({ routerRtpCapabilities });
  const receive = device.createRecvTransport(await socket.invoke<TransportParameters>('CreateTransport', { direction: 'receive', rtpCapabilities: device.recvRtpCapabilities }));
  const send = device.createSendTransport(await socket.invoke<TransportParameters>('CreateTransport', { direction: 'send' }));
  const source = makeTestSource();
  try {
    const produced: Produced[] = [];
    for (const transport of [receive, send])
      transport.on('connect', ({ dtlsParameters }, done, failed) => void socket.invoke('ConnectTransport', transport.id, dtlsParameters).then(done, failed));
    send.on('produce', ({ kind, rtpParameters }, done, failed) => {
      socket
        .invoke<Produced>('Produce', { transportId: send.id, kind, source: kind === 'audio' ? 'microphone' : 'camera', rtpParameters, paused: false })
        .then((made) => {
          produced.push(made);
          done({ id: made.id });
        }, failed);
    });
    const connected = Promise.all([receive, send].map(connectedOf));
    connected.catch(() => undefined);
    await send.produce({ track: source.sound, stopTracks: false, codecOptions: { opusDtx: false } });
    await send.produce({ track: source.picture, stopTracks: false, encodings: [{ maxBitrate }], codecOptions: { videoGoogleStartBitrate: 600 } });
    for (const { id, consumerId, kind, rtpParameters } of produced) await receive.consume({ id: consumerId, producerId: id, kind, rtpParameters });
    if (!(await within(connectTimeout, connected))) return { outcome: 'Blocked' };
    await socket.invoke('Resume');
    const figures = figuresOf(await collect(socket, receive, progress));
    // Connected, and yet nothing came back.
    return figures ? { outcome: 'Good', figures } : { outcome: 'Blocked' };
  } finally {
    source.stop();
    send.close();
    receive.close();
  }
}

async function collect(socket: HubSocket, receive: types.Transport, progress: (done: number) => void): Promise<Sample[]> {
  const all: Sample[] = [];
  for (let taken = 0; taken <= samples; taken++) {
    const [server, report] = await Promise.all([socket.invoke<ServerStatistics>('Statistics'), receive.getStats()]);
    const received: Stat[] = [];
    report.forEach((stat: Stat) => received.push(stat));
    all.push({ at: performance.now(), server, received });
    progress((100 * taken) / samples);
    if (taken < samples) await new Promise((resolve) => setTimeout(resolve, second));
  }
  return all;
}

function connectedOf(transport: types.Transport): Promise<void> {
  return new Promise((resolve) => {
    const look = (state: types.ConnectionState): void => {
      if (state === 'connected') resolve();
    };
    transport.on('connectionstatechange', look);
    look(transport.connectionState);
  });
}

/** Whether it was done in time. */
async function within(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

const width = 640;
const height = 360;
const block = 20;

/** Coloured blocks that change all the time: a still picture would need next to no network. The sound is a low tone that nobody hears. */
export function makeSource(): TestSource {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws nothing.');
  const draw = (): void => {
    for (let x = 0; x < width; x += block) {
      for (let y = 0; y < height; y += block) {
        if (Math.random() > 0.5) continue;
        context.fillStyle = `hsl(${Math.floor(Math.random() * 360)} 60% ${30 + Math.floor(Math.random() * 40)}%)`;
        context.fillRect(x, y, block, block);
      }
    }
  };
  draw();
  const timer = setInterval(draw, 1_000 / 25);
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio, { frequency: 220 });
  const destination = new MediaStreamAudioDestinationNode(audio);
  tone.connect(new GainNode(audio, { gain: 0.05 })).connect(destination);
  tone.start();
  void audio.resume();
  const [picture] = canvas.captureStream(25).getVideoTracks();
  const [sound] = destination.stream.getAudioTracks();
  if (!picture || !sound) throw new Error('This browser sends no test picture.');
  return {
    picture,
    sound,
    stop: () => {
      clearInterval(timer);
      picture.stop();
      sound.stop();
      void audio.close();
    },
  };
}
