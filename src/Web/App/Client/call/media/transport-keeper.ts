import type { types } from 'mediasoup-client';
import { Backoff } from '../../realtime/backoff';
import { ConnectionLost } from '../../realtime/hub-link';
import type { Invoke, RestartParameters, TransportParameters } from '../protocol';

export interface TransportKeeperOptions {
  readonly invoke: Invoke;
  /** The CreateTransportRequest of this direction. */
  readonly request: () => object;
  readonly build: (parameters: TransportParameters) => types.Transport;
  readonly opened: (transport: types.Transport) => void;
  /** The transport is gone, and all that went over it: `opened` follows when there is another. */
  readonly lost: () => void;
  readonly changed: (state: types.ConnectionState) => void;
}

/** How long a transport may take to connect, at first or after a restart, before a new one takes its place. */
const connectTimeout = 10_000;

/** Keeps the transport of one direction alive: when it breaks by an ICE restart, and when that does not help by a new transport. */
export class TransportKeeper {
  readonly #backoff = new Backoff();
  #transport: types.Transport | undefined;
  /** Counts the transports, so that an answer meant for an earlier one is ignored. */
  #generation = 0;
  #restarting = false;
  #restarted = false;
  /** What has to wait for the hub to come back. */
  #owed: 'restart' | 'open' | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: TransportKeeperOptions) {}

  /** Makes a transport, in place of the one there is. */
  async open(): Promise<void> {
    this.close();
    const generation = this.#generation;
    try {
      const parameters = await this.options.invoke<TransportParameters>('CreateTransport', this.options.request());
      if (generation !== this.#generation) return;
      const transport = this.options.build(parameters);
      this.#transport = transport;
      transport.on('connect', ({ dtlsParameters }, done, failed) => {
        this.#expectConnection();
        this.options.invoke('ConnectTransport', transport.id, dtlsParameters).then(done, failed);
      });
      transport.on('connectionstatechange', (state) => {
        if (transport === this.#transport) this.#changed(state);
      });
      this.options.opened(transport);
    } catch (error) {
      if (generation === this.#generation) this.#openLater(error);
    }
  }

  close(): void {
    this.#generation++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#owed = undefined;
    this.#restarting = this.#restarted = false;
    const transport = this.#transport;
    this.#transport = undefined;
    transport?.close();
    this.options.lost();
  }

  /** Something over this transport failed in a way that only a new transport can repair. */
  replace(reason: unknown): void {
    this.close();
    this.options.changed('failed');
    this.#openLater(reason);
  }

  /** The session goes on over a new connection to the hub. */
  hubReturned(): void {
    const owed = this.#owed;
    this.#owed = undefined;
    if (owed === 'open') void this.open();
    else if (owed === 'restart') void this.#restart();
  }

  networkChanged(): void {
    void this.#restart();
  }

  #changed(state: types.ConnectionState): void {
    this.options.changed(state);
    if (state === 'connected') {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#restarted = false;
      this.#backoff.reset();
    } else if (state === 'disconnected') {
      void this.#restart();
    } else if (state === 'failed') {
      if (this.#restarted && !this.#restarting && this.#owed === undefined) this.replace(new Error('ICE restart failed.'));
      else void this.#restart();
    }
  }

  async #restart(): Promise<void> {
    const transport = this.#transport;
    if (!transport || transport.connectionState === 'new' || this.#restarting) return;
    const generation = this.#generation;
    this.#restarting = this.#restarted = true;
    try {
      const { iceParameters, iceServers } = await this.options.invoke<RestartParameters>('RestartIce', transport.id);
      if (generation !== this.#generation) return;
      await transport.updateIceServers({ iceServers });
      if (generation !== this.#generation) return;
      await transport.restartIce({ iceParameters });
      if (generation !== this.#generation) return;
      if (transport.connectionState !== 'connected') this.#expectConnection();
    } catch (error) {
      if (generation !== this.#generation) return;
      if (error instanceof ConnectionLost) this.#owed = 'restart';
      else this.replace(error);
    }
    this.#restarting = false;
  }

  #expectConnection(): void {
    this.#timer ??= setTimeout(() => this.replace(new Error('The transport did not connect in time.')), connectTimeout);
  }

  #openLater(reason: unknown): void {
    if (reason instanceof ConnectionLost) this.#owed = 'open';
    else this.#timer = setTimeout(() => void this.open(), this.#backoff.next());
  }
}
