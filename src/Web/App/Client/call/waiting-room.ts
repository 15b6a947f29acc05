import { part, setText } from './dom';
import type { CallState } from './call-state';
import { WaitingAlerts } from './waiting-alerts';

export interface WaitingRoomEvents {
  /** The place in the queue may be another. */
  readonly changed: () => void;
}

/** Changes close together are one look at Web. */
const refreshDelay = 250;
/** Time passes also when nothing happens. */
const tick = 30_000;

/**
 * The patient's waiting room: what Web says of place, time and messages, brought up to date whenever the hub says that something changed. Web renders
 * it anew from what is stored, so nothing is lost with a connection, a refresh or a restart.
 */
export class WaitingRoom {
  readonly #url: string;
  readonly #panel: HTMLElement;
  readonly #news: HTMLElement;
  readonly #alerts: WaitingAlerts;
  /** What was read out already, by the element it stood in. */
  #announced: ReadonlyMap<string, string>;
  #html: string | undefined;
  #phase: CallState['phase'] = 'preview';
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #fetching = new AbortController();

  /** Undefined on a page without one: the clinician's. */
  static in(root: HTMLElement, events: WaitingRoomEvents): WaitingRoom | undefined {
    const { waitingUrl } = root.dataset;
    return waitingUrl === undefined || waitingUrl === '' ? undefined : new WaitingRoom(root, waitingUrl, events);
  }

  private constructor(
    root: HTMLElement,
    url: string,
    private readonly events: WaitingRoomEvents,
  ) {
    this.#url = url;
    this.#panel = part(root, 'waiting-panel', HTMLElement);
    this.#news = part(root, 'waiting-news', HTMLElement);
    this.#alerts = new WaitingAlerts(root);
    this.#announced = this.#announceable();
    root.addEventListener('submit', (event) => {
      if (event.target instanceof HTMLFormElement && event.target.id === 'help-form') this.#submit(event, event.target);
    });
  }

  /** Nobody is before this patient any more. */
  get next(): boolean {
    return this.#phase === 'waiting' && this.#panel.querySelector('[data-next="yes"]') !== null;
  }

  /** A new connection: something may have changed meanwhile. */
  joined(): void {
    this.refresh();
  }

  see(phase: CallState['phase']): void {
    const before = this.#phase;
    this.#phase = phase;
    if (phase === before) return;
    clearInterval(this.#ticking);
    if (phase === 'waiting') this.#ticking = setInterval(() => this.refresh(), tick);
    else clearTimeout(this.#refresh);
    if (phase === 'inCall' && before === 'waiting') this.#alerts.raise('It is your turn', 'You have been let in.');
  }

  refresh(): void {
    clearTimeout(this.#refresh);
    if (this.#phase === 'waiting') this.#refresh = setTimeout(() => void this.#fetch(), refreshDelay);
  }

  async #fetch(): Promise<void> {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    try {
      const response = await fetch(this.#url, { headers: { Accept: 'text/html' }, redirect: 'manual', cache: 'no-store', signal });
      if (response.ok) this.#show(await response.text());
    } catch (error) {
      // Web does not answer now, or a newer question was asked: the next change, tick or reconnect asks again.
      if (!(error instanceof TypeError) && !signal.aborted) throw error;
    }
  }

  #show(html: string): void {
    if (html === this.#html) return;
    const first = this.#html === undefined;
    this.#html = html;
    const focused = document.activeElement instanceof HTMLElement && this.#panel.contains(document.activeElement) ? document.activeElement.id : '';
    const open = this.#panel.querySelector('details[open]') !== null;
    const wasNext = this.next;
    this.#panel.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
    if (open) this.#panel.querySelector('details')?.setAttribute('open', '');
    if (focused) (document.getElementById(focused) ?? this.#panel.querySelector<HTMLElement>('[data-help-state]'))?.focus();
    const said = this.#announceable();
    const news = [...said].filter(([id, text]) => this.#announced.get(id) !== text).map(([, text]) => text);
    this.#announced = said;
    if (news.length > 0) setText(this.#news, news.join(' '));
    const message = [...said].find(([id, text]) => id.startsWith('message-') && news.includes(text));
    if (message && !first) this.#alerts.raise('A message from the practice', message[1]);
    else if (this.next && !wasNext && !first) this.#alerts.raise('You are next', 'Stay on this page.');
    this.events.changed();
  }

  #announceable(): ReadonlyMap<string, string> {
    return new Map([...this.#panel.querySelectorAll<HTMLElement>('[data-announce]')].map((element) => [element.id, (element.textContent ?? '').replace(/\s+/g, ' ').trim()]));
  }

  /** Asking for help goes to Web without leaving the page, which would end the waiting. */
  #submit(event: SubmitEvent, form: HTMLFormElement): void {
    event.preventDefault();
    void this.#ask(form.action, new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])));
  }

  async #ask(url: string, body: URLSearchParams): Promise<void> {
    setText(this.#news, 'Telling the practice…');
    try {
      const response = await fetch(url, { method: 'POST', body, redirect: 'manual', cache: 'no-store' });
      // Web answers a form with a redirect, which a script that asked for none sees as an opaque answer.
      if (response.type !== 'opaqueredirect' && !response.ok) return this.#failed();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.#failed();
    }
    await this.#fetch();
    this.#panel.querySelector<HTMLElement>('[data-help-state]')?.focus();
  }

  #failed(): void {
    const told = this.#panel.querySelector<HTMLElement>('[data-help-failed]');
    if (!told) return;
    told.hidden = false;
    told.focus();
  }
}
