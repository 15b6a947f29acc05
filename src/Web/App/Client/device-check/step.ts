import { element } from '../call/dom';
import type { Words } from './wording';

/** One step's place on the page: what it asks, what it shows, and how it went. */
export class Step {
  readonly #result = element('div', { class: 'app-check__result' });
  readonly #again = element('button', { class: 'nhsuk-button nhsuk-button--secondary nhsuk-button--small', type: 'button' }, 'Try again');
  readonly #next = element('button', { class: 'nhsuk-button', type: 'button' }, 'Continue');

  constructor(
    private readonly root: HTMLElement,
    events: { readonly again: () => void; readonly next: () => void },
  ) {
    this.#again.addEventListener('click', events.again);
    this.#next.addEventListener('click', events.next);
    this.#again.hidden = this.#next.hidden = true;
    this.#result.hidden = true;
    root.append(this.#result, element('div', {}, this.#next, this.#again));
  }

  part<Type extends HTMLElement>(name: string, type: abstract new () => Type): Type {
    const found = this.root.querySelector(`[data-part="${name}"]`);
    if (found instanceof type) return found;
    throw new Error(`The step has no ${type.name} with data-part="${name}".`);
  }

  on(act: string, done: () => void): void {
    this.#button(act).addEventListener('click', done);
  }

  offer(act: string, offered: boolean): void {
    this.#button(act).hidden = !offered;
  }

  focus(act: string): void {
    this.#button(act).focus();
  }

  /** Shows what the step asks, and begins it anew. */
  open(): void {
    this.root.hidden = false;
    this.#ask(true);
    this.#result.hidden = true;
    this.#again.hidden = this.#next.hidden = true;
    this.heading.focus();
  }

  /** Something goes on. */
  begin(): void {
    this.#ask(false);
    this.#result.hidden = true;
    this.#again.hidden = this.#next.hidden = true;
    // The button that was pressed is gone; whoever has a keyboard stays here.
    this.heading.focus();
  }

  /** Says how it went and what to do, and leads on. */
  finish({ result, advice }: Words, good: boolean): void {
    this.#ask(false);
    this.#result.replaceChildren(element('p', { class: good ? 'app-check__good' : 'app-check__problem' }, element('strong', {}, good ? '✓ ' : '✗ '), result));
    const [first] = this.#result.querySelectorAll('strong');
    first?.setAttribute('aria-hidden', 'true');
    if (advice.length > 0) this.#result.append(element('ul', { class: 'nhsuk-list nhsuk-list--bullet' }, ...advice.map((line) => element('li', {}, line))));
    this.#result.hidden = false;
    this.#again.textContent = good ? 'Check again' : 'Try again';
    this.#again.hidden = this.#next.hidden = false;
    (good ? this.#next : this.#again).focus();
  }

  /** The step is behind: only its result stays, and the way to try it again. */
  leave(): void {
    this.#next.hidden = true;
  }

  get heading(): HTMLElement {
    const heading = this.root.querySelector('h2');
    if (!heading) throw new Error('The step has no heading.');
    return heading;
  }

  /** The result's step asks for nothing. */
  #ask(asking: boolean): void {
    const intro = this.root.querySelector<HTMLElement>('[data-part="intro"]');
    if (intro) intro.hidden = !asking;
  }

  #button(act: string): HTMLButtonElement {
    const found = this.root.querySelector<HTMLButtonElement>(`button[data-act="${act}"]`);
    if (!found) throw new Error(`The step has no button with data-act="${act}".`);
    return found;
  }
}
