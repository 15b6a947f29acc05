import { Backoff } from './backoff';
import { hubErrorCode, type HubSocket, type OpenHubSocket } from './hub-socket';
import { TicketRefused, type Refusal, type Ticket } from './tickets';

export type LinkState = 'connecting' | 'connected' | 'reconnecting';

/** As the person sees it: the browser knows when it has no network at all. */
export function connectivity(state: LinkState): LinkState | 'offline' {
  return state === 'reconnecting' && !navigator.onLine ? 'offline' : state;
}

export class ConnectionLost extends Error {
  constructor() {
    super('The connection to the clinic was lost.');
  }
}

export interface HubLinkOptions {
  readonly ticket: () => Promise<Ticket>;
  readonly open: OpenHubSocket;
  /** First words on a new connection. The link counts as connected when they succeed; a {@link TicketRefused} ends it. */
  readonly greet: (socket: HubSocket) => Promise<void>;
  /** A message, which may come before the greeting is answered. */
  readonly received: (message: unknown) => void;
  readonly changed: (state: LinkState) => void;
  readonly refused: (refusal: Refusal) => void;
  /** The waits between attempts, in milliseconds; the usual ones by default. */
  readonly waits?: readonly number[];
}

const greetTimeout = 15_000;
const probeTimeout = 4_000;
/** A connection that lasted this long was a good one: the next loss starts again at the shortest wait. */
const stable = 10_000;

/** Keeps a page connected to its hub for as long as it is open, with a fresh ticket each time. */
export class HubLink {
  readonly #backoff: Backoff;
  #socket: HubSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #stopped = false;

  constructor(private readonly options: HubLinkOptions) {
    this.#backoff = new Backoff(options.waits);
  }

  start(): void {
    this.#stopped = false;
    this.options.changed('connecting');
    this.#connectNow();
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
  }

  /** Fails with {@link ConnectionLost} while there is no connection, and when it breaks before the answer. */
  async invoke<Result = void>(method: string, ...parameters: unknown[]): Promise<Result> {
    const socket = this.#socket;
    if (!socket) throw new ConnectionLost();
    try {
      return await socket.invoke<Result>(method, ...parameters);
    } catch (error) {
      throw socket === this.#socket ? error : new ConnectionLost();
    }
  }

  /** Gives up a connection that goes wrong and makes the next one. */
  reconnect(): void {
    if (this.#stopped) return;
    this.#drop();
    this.#schedule();
  }

  /** The network or the page came back: a wait is cut short, and a connection that may be dead is asked for a sign of life. */
  async wake(signOfLife: (socket: HubSocket) => Promise<unknown>): Promise<void> {
    if (this.#stopped) return;
    const socket = this.#socket;
    if (!socket) {
      if (this.#retry !== undefined) this.#connectNow();
      return;
    }
    const alive = await within(probeTimeout, signOfLife(socket)).then(
      () => true,
      (error: unknown) => hubErrorCode(error) !== undefined,
    );
    if (!alive && socket === this.#socket) this.reconnect();
  }

  #schedule(): void {
    this.options.changed('reconnecting');
    this.#retry = setTimeout(() => this.#connectNow(), this.#backoff.next());
  }

  #connectNow(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    void this.#connect(++this.#attempt);
  }

  async #connect(attempt: number): Promise<void> {
    const current = () => attempt === this.#attempt && !this.#stopped;
    let socket: HubSocket | undefined;
    let closed = false;
    try {
      const ticket = await this.options.ticket();
      if (!current()) return;
      socket = await this.options.open(ticket, {
        received: (message) => {
          if (current()) this.options.received(message);
        },
        closed: () => {
          closed = true;
          if (current() && socket === this.#socket) this.reconnect();
        },
      });
      if (!current()) return socket.close();
      await within(greetTimeout, this.options.greet(socket));
      if (!current()) return socket.close();
      if (closed) throw new ConnectionLost();
    } catch (error) {
      socket?.close();
      if (!current()) return;
      if (error instanceof TicketRefused) {
        this.stop();
        this.options.refused(error.refusal);
      } else {
        this.#schedule();
      }
      return;
    }
    this.#socket = socket;
    this.#settle = setTimeout(() => this.#backoff.reset(), stable);
    this.options.changed('connected');
  }

  #drop(): void {
    this.#attempt++;
    clearTimeout(this.#retry);
    clearTimeout(this.#settle);
    this.#retry = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }
}

/** Fails when a promise takes longer than this many milliseconds. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectionLost()), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
