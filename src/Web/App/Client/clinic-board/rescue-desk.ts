import { Acknowledger } from '../realtime/acknowledger';
import { HubLink } from '../realtime/hub-link';
import { openHubSocket, type HubSocket } from '../realtime/hub-socket';
import { fetchTicket } from '../realtime/tickets';

/** Several changes close together are one refresh of the list. */
const refreshDelay = 300;
/** How often the list is fetched although nothing was said to have changed: its graphs go on, and more clinics run than are watched. */
const tick = 15_000;

/** The rescue desk kept live: each running clinic says when something changed, and Web renders the list anew. */
export class RescueDesk {
  readonly #fragment: HTMLElement;
  readonly #announcer: HTMLElement;
  readonly #interrupted: HTMLElement;
  #known: ReadonlySet<string>;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #fetching = new AbortController();

  constructor(private readonly root: HTMLElement) {
    this.#fragment = part(root, 'fragment');
    this.#announcer = part(root, 'announcer');
    this.#interrupted = part(root, 'interrupted');
    this.#known = new Set(this.#unseen().keys());
  }

  run(): void {
    for (const url of (this.root.dataset['ticketUrls'] ?? '').split(' ').filter((each) => each !== '')) this.#watch(url);
    setInterval(() => this.#fetchSoon(), tick);
    addEventListener('online', () => this.#fetchSoon());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#fetchSoon();
    });
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement && event.submitter instanceof HTMLButtonElement) void this.#act(event.target, event.submitter);
    });
  }

  /** A clinic that cannot be watched is looked at by the clock. */
  #watch(ticketUrl: string): void {
    const link = new HubLink({
      ticket: () => fetchTicket(ticketUrl),
      open: openHubSocket,
      greet: async (socket: HubSocket) => {
        await socket.invoke('WatchBoard');
        this.#fetchSoon();
      },
      received: (message) => {
        acknowledger.received((message as { sequence: number }).sequence);
        this.#fetchSoon();
      },
      changed: () => undefined,
      refused: () => undefined,
    });
    const acknowledger = new Acknowledger((sequence) => void link.invoke('Acknowledge', sequence).catch(() => undefined));
    link.start();
  }

  #fetchSoon(): void {
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => void this.#fetch(), refreshDelay);
  }

  async #fetch(): Promise<void> {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    try {
      const response = await fetch(this.root.dataset['fragmentUrl'] ?? '', { headers: { Accept: 'text/html' }, redirect: 'manual', cache: 'no-store', signal });
      if (response.ok) this.#show(await response.text());
      else this.#say('You have been signed out, or may not see this any more. Load this page again.');
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof TypeError)) throw error;
      this.#say('The connection is lost, so this list may be old. We are trying again.');
    }
  }

  #show(html: string): void {
    this.#interrupted.hidden = true;
    const focused = document.activeElement instanceof HTMLElement && this.#fragment.contains(document.activeElement) ? document.activeElement.id : '';
    const open = [...this.#fragment.querySelectorAll('details[open] > summary')].map(({ id }) => id);
    this.#fragment.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
    for (const id of open) document.getElementById(id)?.parentElement?.setAttribute('open', '');
    if (focused) document.getElementById(focused)?.focus();
    const unseen = this.#unseen();
    const news = [...unseen].filter(([id]) => !this.#known.has(id)).map(([, text]) => text);
    this.#known = new Set(unseen.keys());
    if (news.length > 0) this.#announcer.textContent = news.join(' ');
  }

  /** Each trouble that nobody looks after, with its words. */
  #unseen(): ReadonlyMap<string, string> {
    const troubles = [...this.#fragment.querySelectorAll<HTMLElement>('[data-case="unseen"] [data-trouble]')];
    return new Map(
      troubles.map((trouble) => {
        const name = trouble.closest('[data-case]')?.querySelector('h2')?.lastChild?.textContent?.trim() ?? '';
        return [trouble.dataset['trouble'] ?? '', `${name}: ${trouble.querySelector('strong')?.textContent ?? ''}.`];
      }),
    );
  }

  #say(sentence: string): void {
    this.#interrupted.hidden = false;
    this.#interrupted.textContent = sentence;
  }

  async #act(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    try {
      await fetch(button.formAction, { method: 'POST', body, redirect: 'manual', cache: 'no-store' });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#say('Nothing was changed, because the connection is lost. Try again in a moment.');
      return;
    }
    // Whoever was faster stands in the list itself.
    await this.#fetch();
  }
}

function part(root: HTMLElement, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`[data-rescue="${name}"]`);
  if (!found) throw new Error(`The rescue desk has no data-rescue="${name}".`);
  return found;
}
