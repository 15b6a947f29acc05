import { liveStatus } from './live-status';
import type { BoardRow } from './protocol';

/** The clinic's table, as Web renders it, with live words laid over its status cells. */
export class BoardView {
  readonly #fragment: HTMLElement;
  readonly #announcer: HTMLElement;
  readonly #interrupted: HTMLElement;
  /** What Web wrote into a status cell. */
  readonly #written = new WeakMap<HTMLElement, readonly Node[]>();
  #html: string | undefined;

  constructor(root: HTMLElement) {
    this.#fragment = part(root, 'fragment');
    this.#announcer = part(root, 'announcer');
    this.#interrupted = part(root, 'interrupted');
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
  }

  announceArrivals(consultationIds: readonly string[]): void {
    const names = consultationIds.map((id) => this.#row(id)?.dataset['patientName'] ?? 'A patient');
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
