import { mock } from 'node:test';
import type { HubSocket, HubSocketEvents, OpenHubSocket } from '../../src/Web/App/Client/realtime/hub-socket';
import type { Ticket } from '../../src/Web/App/Client/realtime/tickets';

/** Lets everything that waits for settled promises run. Timers stand still. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Moves the fake clock and lets what it set off run. */
export async function pass(milliseconds: number): Promise<void> {
  mock.timers.tick(milliseconds);
  await settle();
}

type Answer = (...parameters: never[]) => unknown;

/** A hub as the page sees it: opens sockets while `up`, answers the methods it was given, notes every call. */
export class FakeHub {
  readonly sockets: FakeSocket[] = [];
  readonly answers: Record<string, Answer> = {};
  tickets = 0;
  up = true;

  readonly ticket = (): Promise<Ticket> => Promise.resolve({ ticket: `ticket ${++this.tickets}`, hubUrl: 'wss://clinic.test/hub' });

  readonly open: OpenHubSocket = (ticket, events) => {
    if (!this.up) return Promise.reject(new Error('No route to host.'));
    const socket = new FakeSocket(this, ticket, events);
    this.sockets.push(socket);
    return Promise.resolve(socket);
  };

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('No connection was made.');
    return last;
  }

  /** What was asked of one method, over all connections. */
  calls(method: string): unknown[][] {
    return this.sockets.flatMap((socket) => socket.calls.filter(([name]) => name === method).map(([, ...parameters]) => parameters));
  }
}

export class FakeSocket implements HubSocket {
  readonly calls: [string, ...unknown[]][] = [];
  closedByPage = false;
  readonly #cut: Promise<never>;
  #reject: (error: Error) => void = () => undefined;

  constructor(
    private readonly hub: FakeHub,
    readonly ticket: Ticket,
    private readonly events: HubSocketEvents,
  ) {
    this.#cut = new Promise((_, reject) => (this.#reject = reject));
    this.#cut.catch(() => undefined);
  }

  async invoke<Result>(method: string, ...parameters: unknown[]): Promise<Result> {
    this.calls.push([method, ...parameters]);
    const answer = this.hub.answers[method];
    const given = Promise.resolve().then(() => answer?.(...(parameters as never[])));
    return (await Promise.race([given, this.#cut])) as Result;
  }

  close(): void {
    this.closedByPage = true;
  }

  receive(...messages: unknown[]): void {
    for (const message of messages) this.events.received(message);
  }

  /** The network or the server ends the connection. */
  cut(): void {
    this.events.closed();
    this.#reject(new Error('Invocation canceled due to the underlying connection being closed.'));
  }
}

/** A promise that the test settles. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void; readonly reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
