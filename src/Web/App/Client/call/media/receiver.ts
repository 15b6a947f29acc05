import type { types } from 'mediasoup-client';
import { ConnectionLost } from '../../realtime/hub-link';
import type { ConsumerAdded, ConsumerChanged, Invoke, Source } from '../protocol';

/** One track of someone else, as the page may show it. */
export interface RemoteTrack {
  readonly consumerId: string;
  readonly participantId: string;
  readonly sessionId: string;
  readonly source: Source;
  readonly track: MediaStreamTrack;
  /** Muted, or the camera off, at the other end. */
  readonly paused: boolean;
  /** This page's connection does not carry it: the picture stands still. */
  readonly starved: boolean;
}

interface Line {
  readonly added: ConsumerAdded;
  paused: boolean;
  starved: boolean;
  consumer: types.Consumer | undefined;
  /** The server was asked to let it flow, and said yes. */
  flowing: boolean;
}

/** Receives the others' tracks: takes up each consumer the server offers, in order, and lets it flow once the transport is connected. */
export class Receiver {
  readonly #lines = new Map<string, Line>();
  #transport: types.Transport | undefined;

  constructor(
    private readonly invoke: Invoke,
    /** Only a new transport can help. */
    private readonly broken: (reason: unknown) => void,
    private readonly changed: (tracks: readonly RemoteTrack[]) => void,
  ) {}

  opened(transport: types.Transport): void {
    this.#transport = transport;
    for (const line of this.#lines.values()) void this.#consume(transport, line);
  }

  lost(): void {
    this.#transport = undefined;
    this.#lines.clear();
    this.#tell();
  }

  /** A consumer may be offered before the answer that makes the transport has arrived: it waits for `opened`. */
  added(message: ConsumerAdded): void {
    const line: Line = { added: message, paused: message.producerPaused, starved: false, consumer: undefined, flowing: false };
    this.#lines.set(message.consumerId, line);
    if (this.#transport) void this.#consume(this.#transport, line);
  }

  updated(message: ConsumerChanged): void {
    const line = this.#lines.get(message.consumerId);
    if (!line) return;
    if (message.type === 'consumerRemoved') {
      this.#remove(line);
      return;
    }
    if (message.type === 'consumerStarved' || message.type === 'consumerFed') line.starved = message.type === 'consumerStarved';
    else line.paused = message.type === 'consumerPaused';
    this.#tell();
  }

  /** Lets flow what does not yet. To be called when the transport connects and after a reconnect. */
  sync(): void {
    for (const line of this.#lines.values()) void this.#flow(line);
  }

  async #consume(transport: types.Transport, line: Line): Promise<void> {
    const { consumerId, sessionId, kind, source, rtpParameters } = line.added;
    try {
      const consumer = await transport.consume({
        id: consumerId,
        producerId: `${sessionId}:${source}`,
        kind,
        rtpParameters,
        // One stream a person's device, so that the browser keeps lips and voice together.
        streamId: source === 'screen' ? `${sessionId}:screen` : sessionId,
      });
      if (this.#lines.get(consumerId) !== line) {
        consumer.close();
        return;
      }
      line.consumer = consumer;
      this.#tell();
      await this.#flow(line);
    } catch (error) {
      if (transport === this.#transport && this.#lines.get(consumerId) === line) this.broken(error);
    }
  }

  async #flow(line: Line): Promise<void> {
    // A key frame asked for before the transport is connected would be lost, and the next one is held back for a while.
    if (!line.consumer || line.flowing || this.#transport?.connectionState !== 'connected') return;
    line.flowing = true;
    try {
      await this.invoke('ResumeConsumer', line.added.consumerId);
    } catch (error) {
      line.flowing = false;
      if (!(error instanceof ConnectionLost) && this.#lines.get(line.added.consumerId) === line) this.#remove(line);
    }
  }

  #remove(line: Line): void {
    this.#lines.delete(line.added.consumerId);
    line.consumer?.close();
    this.#tell();
  }

  #tell(): void {
    this.changed(
      [...this.#lines.values()].flatMap(({ added, paused, starved, consumer }) =>
        consumer
          ? [{ consumerId: added.consumerId, participantId: added.participantId, sessionId: added.sessionId, source: added.source, track: consumer.track, paused, starved }]
          : [],
      ),
    );
  }
}
