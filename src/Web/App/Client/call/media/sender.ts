import type { types } from 'mediasoup-client';
import { ConnectionLost } from '../../realtime/hub-link';
import { hubErrorCode } from '../../realtime/hub-socket';
import type { CallStep, Invoke, ProduceRequest, Source } from '../protocol';
import { cameraEncodings, mostLayers, screenEncodings } from './encodings';

type Producer = types.Producer<{ source: Source }>;

interface Line {
  track: MediaStreamTrack | undefined;
  sending: boolean;
  producer: Producer | undefined;
  /** What the server has confirmed: true while it passes this line on. */
  confirmed: boolean | undefined;
  /** Only the smallest picture is sent. */
  low: boolean;
  /** A producer that is gone here, which the server has yet to hear. */
  closing: string | undefined;
}

/** Where the estimate starts, so that the first second is not a blur. Kilobits a second. */
const videoStartBitrate = 1_000;

/** Sends this person's tracks, and brings what the browser and the server do into line with what is wanted. */
export class Sender {
  readonly #lines = new Map<Source, Line>();
  #transport: types.Transport | undefined;
  #step: CallStep = 'video';
  #syncing = false;
  #again = false;

  constructor(
    private readonly invoke: Invoke,
    /** Only a new transport can help. */
    private readonly broken: (reason: unknown) => void,
    /** The server does not want this one, whatever the transport. */
    private readonly unwanted: (source: Source) => void,
  ) {}

  opened(transport: types.Transport): void {
    this.#transport = transport;
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const source = appData['source'] as Source;
      const request: ProduceRequest = { transportId: transport.id, kind, source, rtpParameters, paused: !this.#sends(source) };
      this.invoke<{ id: string }>('Produce', request).then((produced) => {
        this.#line(source).confirmed = !request.paused;
        done(produced);
      }, failed);
    });
    void this.sync();
  }

  lost(): void {
    this.#transport = undefined;
    for (const line of this.#lines.values()) {
      line.producer = undefined;
      line.confirmed = undefined;
      line.closing = undefined;
      line.low = false;
    }
  }

  /** The most that the connection carries: below video the camera sends its smallest picture, and none at all where sound alone is left. A screen is sent as it is. */
  set step(step: CallStep) {
    if (this.#step === step) return;
    this.#step = step;
    void this.sync();
  }

  /** A track that is not sent leaves the machine as silence, or not at all, from this call on: the server is told after. */
  set(source: Source, track: MediaStreamTrack | undefined, sending: boolean): void {
    const line = this.#line(source);
    line.track = track;
    line.sending = sending && track !== undefined;
    if (track?.kind === 'audio') track.enabled = line.sending;
    void this.sync();
  }

  /** Does what is left to do. To be called again after a reconnect. */
  async sync(): Promise<void> {
    this.#again = true;
    if (this.#syncing) return;
    this.#syncing = true;
    try {
      while (this.#again && this.#transport) {
        this.#again = false;
        for (const [source, line] of this.#lines) await this.#syncLine(this.#transport, source, line);
      }
    } finally {
      this.#syncing = false;
    }
  }

  async #syncLine(transport: types.Transport, source: Source, line: Line): Promise<void> {
    try {
      if (source === 'screen' && line.producer && line.producer.track !== line.track) this.#finish(line, line.producer);
      if (line.closing !== undefined) await this.#close(line, line.closing);
      line.producer ??= await this.#produce(transport, source, line);
      const producer = line.producer;
      if (!producer || transport !== this.#transport) return;
      // A camera that is off has no track to send; a muted microphone goes on as silence, which costs next to nothing.
      const sending = this.#sends(source);
      const track = line.track && (line.track.kind === 'audio' || sending) ? line.track : null;
      if (producer.track !== track) await producer.replaceTrack({ track });
      const low = source === 'camera' && this.#step !== 'video';
      if (line.low !== low) {
        await producer.setMaxSpatialLayer(low ? 0 : mostLayers - 1);
        line.low = low;
      }
      if (line.confirmed === sending) return;
      line.confirmed = undefined;
      await this.invoke(sending ? 'ResumeProducer' : 'PauseProducer', producer.id);
      line.confirmed = sending;
    } catch (error) {
      if (transport !== this.#transport) return;
      if (!line.producer && hubErrorCode(error) === 'conflict') {
        line.track = undefined;
        line.sending = false;
        this.unwanted(source);
        return;
      }
      // What a lost connection left undone is done after the reconnect, unless it left a producer that nobody knows.
      if (!(error instanceof ConnectionLost) || (!line.producer && line.closing === undefined)) this.broken(error);
    }
  }

  /** A screen is shared anew each time; a camera that is off only rests. */
  #finish(line: Line, producer: Producer): void {
    producer.close();
    line.closing = producer.id;
    line.producer = undefined;
    line.confirmed = undefined;
  }

  async #close(line: Line, id: string): Promise<void> {
    try {
      await this.invoke('CloseProducer', id);
    } catch (error) {
      // Any other refusal means that the server knows it no more.
      if (error instanceof ConnectionLost) throw error;
    }
    line.closing = undefined;
  }

  async #produce(transport: types.Transport, source: Source, line: Line): Promise<Producer | undefined> {
    const { track } = line;
    if (!track || track.readyState === 'ended') return undefined;
    const video = track.kind === 'video';
    const producer = await transport.produce<{ source: Source }>({
      track,
      appData: { source },
      // Tracks are the page's: it shows them, and keeps them when a transport goes.
      stopTracks: false,
      disableTrackOnPause: false,
      // VP8: every browser sends it (RFC 7742), and the router names it first.
      ...(video ? { encodings: source === 'screen' ? screenEncodings() : cameraEncodings(track.getSettings()) } : {}),
      codecOptions: video ? { videoGoogleStartBitrate: videoStartBitrate } : { opusDtx: true, opusFec: true, opusStereo: false },
    });
    if (transport === this.#transport) return producer;
    producer.close();
    return undefined;
  }

  #sends(source: Source): boolean {
    return this.#line(source).sending && !(source === 'camera' && this.#step === 'audio');
  }

  #line(source: Source): Line {
    let line = this.#lines.get(source);
    if (!line) {
      line = { track: undefined, sending: false, producer: undefined, confirmed: undefined, low: false, closing: undefined };
      this.#lines.set(source, line);
    }
    return line;
  }
}
