import { Device, type types } from 'mediasoup-client';
import type { CallMessage, CallStep, Invoke, JoinResult, Source } from '../protocol';
import { CpuWatch, lookInterval, readLoad } from './cpu-watch';
import { Receiver, type RemoteTrack } from './receiver';
import { Sender } from './sender';
import { ShownSizes, type Size } from './shown-sizes';
import { TransportKeeper } from './transport-keeper';

/** How the sound and picture of the whole call stand. */
export type MediaState = 'none' | 'connecting' | 'connected' | 'interrupted';

export interface MediaEvents {
  readonly tracks: (tracks: readonly RemoteTrack[]) => void;
  readonly state: (state: MediaState) => void;
  /** The server refuses what this person sends from there. */
  readonly unwanted: (source: Source) => void;
}

type Direction = 'send' | 'receive';

/** The call's sound and pictures, both ways, kept going over broken networks and broken connections to the hub. */
export class Media {
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  readonly #shownSizes: ShownSizes;
  readonly #cpu = new CpuWatch();
  readonly #keepers: Record<Direction, TransportKeeper>;
  readonly #states: Record<Direction, types.ConnectionState> = { send: 'new', receive: 'new' };
  readonly #transports: Partial<Record<Direction, types.Transport>> = {};
  #device: Device | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(
    invoke: Invoke,
    private readonly events: MediaEvents,
  ) {
    this.#shownSizes = new ShownSizes(invoke);
    this.#sender = new Sender(invoke, (reason) => this.#keepers.send.replace(reason), events.unwanted);
    this.#receiver = new Receiver(invoke, (reason) => this.#keepers.receive.replace(reason), (tracks) => {
      this.#shownSizes.keep(tracks.map(({ consumerId }) => consumerId));
      events.tracks(tracks);
    });
    this.#keepers = {
      send: new TransportKeeper({
        invoke,
        request: () => ({ direction: 'send' }),
        build: (parameters) => this.#loaded.createSendTransport(parameters),
        opened: (transport) => this.#opened('send', transport),
        lost: () => this.#lost('send'),
        changed: (state) => this.#changed('send', state),
      }),
      receive: new TransportKeeper({
        invoke,
        request: () => ({ direction: 'receive', rtpCapabilities: this.#loaded.recvRtpCapabilities }),
        build: (parameters) => this.#loaded.createRecvTransport(parameters),
        opened: (transport) => this.#opened('receive', transport),
        lost: () => this.#lost('receive'),
        changed: (state) => this.#changed('receive', state),
      }),
    };
  }

  /** Begins, or begins anew in a new session. Throws mediasoup-client's UnsupportedError in a browser that cannot call. */
  async start({ routerRtpCapabilities }: JoinResult): Promise<void> {
    if (!this.#device) {
      const device = await Device.factory();
      await device.load({ routerRtpCapabilities });
      this.#device = device;
    }
    this.#states.send = this.#states.receive = 'new';
    this.#looking ??= setInterval(() => void this.#look(), lookInterval);
    await Promise.all([this.#keepers.send.open(), this.#keepers.receive.open()]);
  }

  /** The same session has a new connection to the hub. */
  hubReturned(): void {
    for (const keeper of Object.values(this.#keepers)) keeper.hubReturned();
    void this.#sender.sync();
    this.#receiver.sync();
    this.#shownSizes.sync();
  }

  networkChanged(): void {
    for (const keeper of Object.values(this.#keepers)) keeper.networkChanged();
  }

  received(message: CallMessage): void {
    switch (message.type) {
      case 'consumerAdded':
        this.#receiver.added(message);
        break;
      case 'consumerRemoved':
      case 'consumerPaused':
      case 'consumerResumed':
      case 'consumerStarved':
      case 'consumerFed':
        this.#receiver.updated(message);
        break;
    }
  }

  /** What this person sends; `sending` false mutes it. The page keeps the track. */
  send(source: Source, track: MediaStreamTrack | undefined, sending: boolean): void {
    this.#sender.set(source, track, sending);
  }

  /** The most that this person's connection carries, as the server judges it. */
  set step(step: CallStep) {
    this.#sender.step = step;
  }

  /** How large a picture is on this person's screen. */
  shown(consumerId: string, size: Size): void {
    this.#shownSizes.set(consumerId, size);
  }

  /** Whether the person can see the page at all. */
  set hidden(hidden: boolean) {
    this.#shownSizes.hidden = hidden;
  }

  close(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
    this.#shownSizes.stop();
    for (const keeper of Object.values(this.#keepers)) keeper.close();
  }

  get #loaded(): Device {
    if (!this.#device) throw new Error('A transport was asked for before the device was loaded.');
    return this.#device;
  }

  #opened(direction: Direction, transport: types.Transport): void {
    this.#transports[direction] = transport;
    this.#end(direction).opened(transport);
  }

  #lost(direction: Direction): void {
    delete this.#transports[direction];
    this.#end(direction).lost();
  }

  #end(direction: Direction): Sender | Receiver {
    return direction === 'send' ? this.#sender : this.#receiver;
  }

  async #look(): Promise<void> {
    // A page that nobody sees shows no frames, which says nothing of the machine.
    if (document.visibilityState === 'hidden') return;
    const transports = Object.values(this.#transports);
    if (transports.length === 0) return;
    try {
      const reports = await Promise.all(transports.map((transport) => transport.getStats()));
      this.#shownSizes.halvings = this.#cpu.look(performance.now(), readLoad(reports));
    } catch (error) {
      // A transport that was closed meanwhile has nothing to say; the next look is at its successor.
      if (transports.every((transport) => !transport.closed)) throw error;
    }
  }

  #changed(direction: Direction, state: types.ConnectionState): void {
    this.#states[direction] = state;
    if (direction === 'receive' && state === 'connected') this.#receiver.sync();
    const states = Object.values(this.#states);
    if (states.some((each) => each === 'disconnected' || each === 'failed')) this.events.state('interrupted');
    else if (states.includes('connecting')) this.events.state('connecting');
    else this.events.state(states.includes('connected') ? 'connected' : 'none');
  }
}
