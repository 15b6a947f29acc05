import { Acknowledger } from '../realtime/acknowledger';
import { eager } from '../realtime/backoff';
import { HubLink, type LinkState } from '../realtime/hub-link';
import { hubErrorCode, hubErrorSentence, type HubSocket, type OpenHubSocket } from '../realtime/hub-socket';
import { MessageOrder } from '../realtime/message-order';
import { TicketRefused, type Refusal, type Ticket } from '../realtime/tickets';
import type { CallMessage, JoinRequest, JoinResult } from './protocol';

export interface CallConnectionOptions {
  readonly ticket: () => Promise<Ticket>;
  readonly open: OpenHubSocket;
  /** A new connection. `samePage`: this page's session goes on, and what it missed follows as messages. */
  readonly joined: (result: JoinResult, samePage: boolean) => void;
  readonly received: (message: CallMessage) => void;
  readonly changed: (state: LinkState) => void;
  readonly refused: (refusal: Refusal) => void;
  /** The hub says why it does not let the page join yet. It goes on trying. */
  readonly hindered: (sentence: string) => void;
}

/** How long a missing message may hold up later ones before the session is resumed to get it. */
const gapTimeout = 5_000;

/** The page's session at the hub: joins, resumes after each loss, and delivers every message once and in order. */
export class CallConnection {
  readonly #link: HubLink;
  readonly #acknowledger = new Acknowledger((sequence) => void this.invoke('Acknowledge', sequence).catch(lostIsLater));
  #order = new MessageOrder<CallMessage>();
  /** Messages that came before the answer to Join said where they belong. */
  #early: CallMessage[] | undefined = [];
  #sessionId: string | undefined;
  #samePage = false;
  #result: JoinResult | undefined;
  #gap: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(private readonly options: CallConnectionOptions) {
    this.#link = new HubLink({
      ticket: options.ticket,
      open: options.open,
      greet: (socket) => this.#join(socket),
      received: (message) => this.#receive(message as CallMessage),
      changed: (state) => this.#changed(state),
      refused: options.refused,
      waits: eager,
    });
  }

  readonly invoke = <Result = void>(method: string, ...parameters: unknown[]): Promise<Result> => this.#link.invoke<Result>(method, ...parameters);

  get running(): boolean {
    return this.#running;
  }

  /** @param resume the session of the page before a refresh. */
  start(resume?: { readonly sessionId: string; readonly lastSequence: number }): void {
    if (resume) {
      this.#sessionId = resume.sessionId;
      this.#order = new MessageOrder(resume.lastSequence);
    }
    this.#running = true;
    this.#link.start();
  }

  stop(): void {
    this.#acknowledger.stop();
    clearTimeout(this.#gap);
    this.#running = false;
    this.#link.stop();
  }

  wake(): void {
    void this.#link.wake((socket) => socket.invoke('Acknowledge', this.#order.last));
  }

  /** What a refreshed page needs to come back as the same session. */
  get session(): { readonly sessionId: string; readonly lastSequence: number } | undefined {
    return this.#sessionId === undefined ? undefined : { sessionId: this.#sessionId, lastSequence: this.#order.last };
  }

  async #join(socket: HubSocket): Promise<void> {
    this.#early = [];
    clearTimeout(this.#gap);
    this.#acknowledger.stop();
    const request: JoinRequest = this.session ? { resume: this.session } : {};
    try {
      this.#result = await socket.invoke<JoinResult>('Join', request);
    } catch (error) {
      const code = hubErrorCode(error);
      if (code === 'ended') throw new TicketRefused('over');
      if (code === 'signed-out') throw new TicketRefused('signedOut');
      if (code === 'removed' || code === 'locked') throw new TicketRefused(code);
      if (code === 'not-allowed' || code === 'not-found') throw new TicketRefused('notAllowed');
      const sentence = hubErrorSentence(error);
      if (sentence) this.options.hindered(sentence);
      throw error;
    }
  }

  #changed(state: LinkState): void {
    this.options.changed(state);
    if (state !== 'connected' || !this.#result || !this.#early) return;
    const result = this.#result;
    const early = this.#early;
    const samePage = result.resumed && this.#samePage;
    // A page that holds no state of its own starts from the result, so what the result contains must not come again.
    if (!samePage) this.#order = new MessageOrder(result.sequence);
    this.#sessionId = result.sessionId;
    this.#samePage = true;
    this.#early = undefined;
    this.options.joined(result, samePage);
    for (const message of early) this.#receive(message);
  }

  #receive(message: CallMessage): void {
    if (this.#early) {
      this.#early.push(message);
      return;
    }
    for (const due of this.#order.accept(message)) {
      this.#acknowledger.received(due.sequence);
      this.options.received(due);
    }
    if (!this.#order.waiting) {
      clearTimeout(this.#gap);
      this.#gap = undefined;
    } else {
      this.#gap ??= setTimeout(() => this.#link.reconnect(), gapTimeout);
    }
  }
}

/** An acknowledgement that is lost with its connection is made good by the next one. */
function lostIsLater(): void {}
