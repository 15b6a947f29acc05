import { Acknowledger } from '../realtime/acknowledger';
import { connectivity, HubLink, type LinkState } from '../realtime/hub-link';
import { openHubSocket, type HubSocket } from '../realtime/hub-socket';
import { fetchTicket, type Refusal } from '../realtime/tickets';
import { BoardView } from './board-view';
import { arrivals, changed } from './live-status';
import type { BoardMessage, BoardRow, BoardState } from './protocol';

/** Several changes close together are one refresh of the table. */
const refreshDelay = 200;
/** How often "Waiting 3 minutes" is brought up to date. */
const tick = 10_000;
/** How often the table is fetched although nothing changed: Web notes by it that the clinician is there. */
const presence = 60_000;

const lost: Record<Refusal, string> = {
  signedOut: 'You have been signed out. Load this page again to sign in.',
  notAllowed: 'Live updates have stopped. Load this page again.',
  removed: 'Live updates have stopped. Load this page again.',
  locked: 'Live updates have stopped. Load this page again.',
  over: 'Live updates have stopped. Load this page again.',
  pageTooOld: 'This page is out of date. Load it again.',
};

/** The clinic's table kept live: who waits, who is in a call, and whatever else changes at Web. */
export class ClinicBoard {
  readonly #view: BoardView;
  readonly #link: HubLink;
  readonly #acknowledger: Acknowledger;
  readonly #fragmentUrl: string;
  #rows: readonly BoardRow[] = [];
  #sequence = 0;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #fetching = new AbortController();
  #state: LinkState = 'connecting';

  constructor(private readonly root: HTMLElement) {
    const { ticketUrl, fragmentUrl } = root.dataset;
    if (ticketUrl === undefined || fragmentUrl === undefined) throw new Error('The clinic board needs data-ticket-url and data-fragment-url.');
    this.#fragmentUrl = fragmentUrl;
    this.#view = new BoardView(root);
    this.#link = new HubLink({
      ticket: () => fetchTicket(ticketUrl),
      open: openHubSocket,
      greet: (socket) => this.#watch(socket),
      received: (message) => this.#received(message as BoardMessage),
      changed: (state) => this.#changed(state),
      refused: (refusal) => this.#view.interrupted(lost[refusal]),
    });
    this.#acknowledger = new Acknowledger((sequence) => void this.#link.invoke('Acknowledge', sequence).catch(() => undefined));
  }

  run(): void {
    this.#link.start();
    setInterval(() => {
      this.#view.show(this.#rows, Date.now());
      if (this.#view.outlived(Date.now())) this.#fetchSoon();
    }, tick);
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement && event.submitter instanceof HTMLButtonElement) void this.#act(event.target, event.submitter);
    });
    setInterval(() => this.#fetchSoon(), presence);
    const wake = () => {
      this.#changed(this.#state);
      void this.#link.wake((socket) => socket.invoke('Acknowledge', this.#sequence));
    };
    addEventListener('online', wake);
    addEventListener('offline', wake);
    addEventListener('pageshow', wake);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') wake();
    });
  }

  async #watch(socket: HubSocket): Promise<void> {
    this.#acknowledger.stop();
    this.#sequence = 0;
    this.#show((await socket.invoke<BoardState>('WatchBoard')).rows);
    // Whatever changed while nobody was watching.
    this.#fetchSoon();
  }

  #received(message: BoardMessage): void {
    this.#sequence = message.sequence;
    this.#acknowledger.received(message.sequence);
    if (message.type === 'board') this.#show(changed(this.#rows, message.rows));
    this.#fetchSoon();
  }

  #show(rows: readonly BoardRow[]): void {
    this.#view.announceArrivals(arrivals(this.#rows, rows));
    this.#rows = rows;
    this.#view.show(rows, Date.now());
  }

  #changed(state: LinkState): void {
    this.#state = state;
    const shown = connectivity(state);
    this.root.dataset['connection'] = shown;
    if (shown === 'offline') this.#view.interrupted('You are offline. This page will be brought up to date as soon as you have internet.');
    else if (shown === 'reconnecting') this.#view.interrupted('Live updates are interrupted. We are connecting again.');
    else if (shown === 'connected') this.#view.interrupted(undefined);
  }

  /** A row's button, without leaving the page: what others do meanwhile goes on being shown. */
  async #act(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
    this.#view.refused(undefined);
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    try {
      const response = await fetch(button.formAction, { method: 'POST', body, redirect: 'manual', cache: 'no-store' });
      // Done is answered with a redirect to the board, which a script that asked for none sees as an opaque answer.
      if (response.type !== 'opaqueredirect') this.#view.refused(refusalIn(await response.text()));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#view.refused('Nothing was changed, because the connection is lost. Try again in a moment.');
    }
    await this.#fetch();
  }

  #fetchSoon(): void {
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => void this.#fetch(), refreshDelay);
  }

  async #fetch(): Promise<void> {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    const html = await this.#fragment(this.#fetching.signal);
    if (html === undefined) return;
    this.#view.replace(html);
    this.#view.show(this.#rows, Date.now());
  }

  /** Undefined when Web does not answer now, or a newer question was asked meanwhile: the next change, or the reconnect that follows such a time, asks again. */
  async #fragment(signal: AbortSignal): Promise<string | undefined> {
    try {
      const response = await fetch(this.#fragmentUrl, { headers: { Accept: 'text/html' }, redirect: 'manual', cache: 'no-store', signal });
      if (response.type === 'opaqueredirect' || response.status === 401) this.#view.interrupted(lost.signedOut);
      return response.ok ? await response.text() : undefined;
    } catch (error) {
      if (signal.aborted || error instanceof TypeError) return undefined;
      throw error;
    }
  }
}

/** What Web's page says in its error summary. */
function refusalIn(html: string): string {
  const sentence = new DOMParser().parseFromString(html, 'text/html').querySelector('.nhsuk-error-summary__list')?.textContent?.trim();
  return sentence === undefined || sentence === '' ? 'Nothing was changed. Load this page again.' : `${sentence}.`;
}
