import { chime } from '../realtime/chime';
import { liveStatus } from './live-status';
import type { BoardRow } from './protocol';

const soundKey = 'board-sound';

/** The clinic's table, as Web renders it, with live words laid over its status cells. */
export class BoardView {
  readonly #fragment: HTMLElement;
  readonly #announcer: HTMLElement;
  readonly #interrupted: HTMLElement;
  readonly #alarm: HTMLElement;
  readonly #refusal: HTMLElement;
  readonly #sound: HTMLInputElement;
  /** Whose request for help was read out. */
  #alarmed: ReadonlySet<string>;
  /** What Web wrote into a status cell. */
  readonly #written = new WeakMap<HTMLElement, readonly Node[]>();
  #html: string | undefined;

  constructor(root: HTMLElement) {
    this.#fragment = part(root, 'fragment');
    this.#announcer = part(root, 'announcer');
    this.#interrupted = part(root, 'interrupted');
    this.#alarm = part(root, 'alarm');
    this.#refusal = part(root, 'refusal');
    this.#sound = part(root, 'sound') as HTMLInputElement;
    part(root, 'sound-choice').hidden = false;
    this.#sound.checked = localStorage.getItem(soundKey) === 'on';
    this.#sound.addEventListener('change', () => localStorage.setItem(soundKey, this.#sound.checked ? 'on' : 'off'));
    this.#alarmed = new Set(this.#alerts().keys());
  }

  show(rows: readonly BoardRow[], now: number): void {
    const live = new Map(rows.map((row) => [row.consultationId, liveStatus(row, now)]));
    for (const cell of this.#fragment.querySelectorAll<HTMLElement>('[data-consultation-id] [data-status]')) {
      const written = this.#written.get(cell) ?? [...cell.childNodes];
      this.#written.set(cell, written);
      const status = live.get(consultationOf(cell));
      if (!status) {
        if (cell.dataset['live'] !== undefined) cell.replaceChildren(...written);
        delete cell.dataset['live'];
      } else if (cell.dataset['live'] !== status.text) {
        const tag = document.createElement('strong');
        tag.className = `nhsuk-tag nhsuk-tag--${status.colour}`;
        tag.textContent = status.text;
        cell.replaceChildren(tag);
        cell.dataset['live'] = status.text;
      }
    }
  }

  /** Takes over Web's newest table; the focus stays on the link or button with the same id. */
  replace(html: string): void {
    if (html === this.#html) return;
    this.#html = html;
    const focused = document.activeElement instanceof HTMLElement && this.#fragment.contains(document.activeElement) ? document.activeElement.id : '';
    this.#fragment.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
    if (focused) document.getElementById(focused)?.focus();
    this.#raise();
  }

  /** Somebody's claim has ended by itself: the table is to be fetched again. */
  outlived(now: number): boolean {
    return [...this.#fragment.querySelectorAll<HTMLElement>('[data-until]')].some((claim) => Date.parse(claim.dataset['until'] ?? '') <= now);
  }

  /** Says why what was pressed did not happen; undefined takes it away. */
  refused(sentence: string | undefined): void {
    this.#refusal.hidden = sentence === undefined;
    this.#refusal.textContent = sentence ?? '';
    if (sentence !== undefined) this.#refusal.focus();
  }

  /** Who asks for help is read out at once, in the middle of whatever is read. */
  #raise(): void {
    const alerts = this.#alerts();
    const news = [...alerts].filter(([id]) => !this.#alarmed.has(id)).map(([, text]) => text);
    this.#alarmed = new Set(alerts.keys());
    if (news.length === 0) return;
    this.#alarm.textContent = news.join(' ');
    if (this.#sound.checked) chime();
  }

  #alerts(): ReadonlyMap<string, string> {
    return new Map([...this.#fragment.querySelectorAll<HTMLElement>('[data-alert="open"]')].map((alert) => [`${alert.id} ${alert.textContent}`, alert.textContent ?? '']));
  }

  announceArrivals(consultationIds: readonly string[]): void {
    const names = consultationIds.map((id) => this.#row(id)?.dataset['patientName'] ?? 'A patient');
    if (names.length > 0 && this.#sound.checked) chime();
    if (names.length > 0) this.#announcer.textContent = `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} waiting.`;
  }

  /** Says in words that what is shown may be old, or nothing. */
  interrupted(text: string | undefined): void {
    this.#interrupted.hidden = text === undefined;
    if (this.#interrupted.textContent !== (text ?? '')) this.#interrupted.textContent = text ?? '';
  }

  #row(consultationId: string): HTMLElement | undefined {
    return [...this.#fragment.querySelectorAll<HTMLElement>('[data-consultation-id]')].find(
      (row) => row.dataset['consultationId'] === consultationId,
    );
  }
}

function consultationOf(cell: HTMLElement): string {
  return cell.closest<HTMLElement>('[data-consultation-id]')?.dataset['consultationId'] ?? '';
}

function part(root: HTMLElement, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`[data-board="${name}"]`);
  if (!found) throw new Error(`The clinic board has no data-board="${name}".`);
  return found;
}
