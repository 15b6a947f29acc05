import { type Answer, type DraftForm, DraftSaver } from './draft-saver';

/**
 * Forms of drafts, which save themselves while somebody writes: those with data-autosave, the address to post them to. What the server answers, in words, stands in the form. A form that takes
 * another's place later is saved too.
 */

/** A page that is left has time for one small request; in bytes. */
const keptAlive = 60_000;

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

class FormOnPage implements DraftForm {
  constructor(private readonly form: HTMLFormElement) {}

  get isThere(): boolean {
    return this.form.isConnected;
  }

  get paused(): boolean {
    return this.form.dataset.autosavePaused === 'true';
  }

  get stored(): string | undefined {
    return this.paused ? undefined : this.#read((field) => field.defaultValue, (option) => option.defaultSelected);
  }

  content(): string {
    return this.#read((field) => field.value, (option) => option.selected);
  }

  count(): void {
    const number = this.#part<HTMLInputElement>('number');
    if (number) number.value = String(Number(number.value) + 1);
  }

  send(last: boolean): Promise<Response> {
    const body = new FormData(this.form);
    const size = [...body.values()].reduce((sum, value) => sum + new Blob([value]).size, 0);
    return fetch(this.form.dataset.autosave ?? '', { method: 'POST', body, redirect: 'manual', keepalive: last && size < keptAlive, headers: { Accept: 'application/json' } });
  }

  keep(answer: Answer): void {
    const version = this.#part<HTMLInputElement>('version');
    if (version && answer.version !== null) version.value = String(answer.version);
    const words = this.#part('saved');
    if (words) words.textContent = answer.words;
    this.#part('problem')?.remove();
  }

  tell(words: string): void {
    let place = this.#part('problem');
    if (!place) {
      place = document.createElement('p');
      place.className = 'nhsuk-error-message';
      place.dataset.autosavePart = 'problem';
      place.setAttribute('role', 'alert');
      this.#part('saved')?.before(place);
    }
    if (place.textContent !== words) place.textContent = words;
  }

  #read(text: (field: HTMLInputElement | HTMLTextAreaElement) => string, chosen: (option: HTMLOptionElement) => boolean): string {
    // Hidden fields are the page's own.
    const fields = [...this.form.querySelectorAll<Field>('textarea, select, input:not([type="hidden"])')];
    return JSON.stringify(
      fields.map((field) => [field.name, field instanceof HTMLSelectElement ? ([...field.options].find(chosen) ?? field.options[0])?.value : text(field)]),
      // A text area's lines end as the browser likes.
    ).replaceAll('\\r\\n', '\\n');
  }

  #part<Part extends HTMLElement = HTMLElement>(name: string): Part | null {
    return this.form.querySelector<Part>(`[data-autosave-part="${name}"]`);
  }
}

export function startAutosave(): void {
  const savers = new Map<HTMLFormElement, DraftSaver>();
  const saverOf = (target: EventTarget | null): DraftSaver | undefined => {
    const form = target instanceof Element ? target.closest<HTMLFormElement>('form[data-autosave]') : null;
    if (!form) return undefined;
    const saver = savers.get(form) ?? new DraftSaver(new FormOnPage(form));
    savers.set(form, saver);
    return saver;
  };
  for (const form of document.querySelectorAll('form[data-autosave]')) saverOf(form);

  document.addEventListener('input', (event) => saverOf(event.target)?.changed());
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target;
      const saver = saverOf(form);
      if (!saver || !(form instanceof HTMLFormElement)) return;
      if (!saver.running) return saver.posted();
      // A save under way is waited for: the form needs its version.
      event.preventDefault();
      event.stopImmediatePropagation();
      void saver.running.then(() => form.requestSubmit(event.submitter));
    },
    true,
  );
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') for (const saver of savers.values()) void saver.save(true);
  });
  addEventListener('beforeunload', (event) => {
    if ([...savers.values()].some((saver) => saver.unsaved)) event.preventDefault();
  });
}
