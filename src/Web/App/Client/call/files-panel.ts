import { element, part, setText } from './dom';
import { FileRefused, type Files, type SharedFile } from './files';

export interface FilesPanelEvents {
  /** Somebody else sent something. */
  readonly arrived: (sentence: string) => void;
  /** Shows an image to everybody; undefined for who may not. */
  readonly show: ((file: SharedFile) => void) | undefined;
}

/** The photos and files beside the messages: a list, and a field to send one. */
export class FilesPanel {
  readonly #list: HTMLElement;
  readonly #none: HTMLElement;
  readonly #status: HTMLElement;
  readonly #error: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #input: HTMLInputElement;
  readonly #group: HTMLElement;
  readonly #maxBytes: number;
  #known: ReadonlySet<string> | undefined;
  #loading = false;
  #again = false;

  constructor(
    root: HTMLElement,
    private readonly files: Files,
    private readonly events: FilesPanelEvents,
  ) {
    this.#list = part(root, 'file-list', HTMLElement);
    this.#none = part(root, 'file-none', HTMLElement);
    this.#status = part(root, 'file-status', HTMLElement);
    this.#error = part(root, 'file-error', HTMLElement);
    this.#form = part(root, 'file-form', HTMLFormElement);
    this.#input = part(root, 'file', HTMLInputElement);
    this.#group = part(root, 'file-group', HTMLElement);
    this.#maxBytes = Number(this.#input.dataset['maxBytes']);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  /** Fetches the list anew. To be called whenever it may have changed. */
  async refresh(): Promise<void> {
    if (this.#loading) {
      this.#again = true;
      return;
    }
    this.#loading = true;
    try {
      do {
        this.#again = false;
        const { files, mayAdd } = await this.files.list();
        this.#form.hidden = !mayAdd;
        this.#show(files);
      } while (this.#again);
    } catch {
      // The connection is away or the sign-in over: the page says so elsewhere, and asks again when it is back.
    } finally {
      this.#loading = false;
    }
  }

  #show(files: readonly SharedFile[]): void {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['file'] : undefined;
    this.#list.replaceChildren(...files.map((file) => this.#entry(file)));
    if (focused !== undefined) (this.#list.querySelector<HTMLElement>(`[data-file="${CSS.escape(focused)}"]`) ?? this.#input).focus();
    this.#none.hidden = files.length > 0;
    for (const file of files) {
      if (this.#known && !this.#known.has(file.id) && !file.isOwn) this.events.arrived(`${file.by} sent a file: ${file.name}.`);
    }
    this.#known = new Set(files.map((file) => file.id));
  }

  #entry(file: SharedFile): HTMLLIElement {
    const tools: HTMLElement[] = [];
    const { show } = this.events;
    if (show && file.isImage) tools.push(tool(`Show`, `${file.name} to everybody`, `show-${file.id}`, () => show(file)));
    if (file.mayRemove) tools.push(tool('Remove', file.name, `remove-${file.id}`, () => void this.#remove(file)));
    return element(
      'li',
      {},
      element('a', { href: file.url, download: '', 'data-file': `save-${file.id}` }, file.name),
      element('p', { class: 'nhsuk-body-s nhsuk-u-margin-bottom-1' }, file.details),
      ...(tools.length > 0 ? [element('p', { class: 'app-call__file-tools' }, ...tools)] : []),
    );
  }

  async #send(): Promise<void> {
    const file = this.#input.files?.[0];
    if (!file) return this.#wrong('Choose a photo or a PDF');
    if (file.size > this.#maxBytes) return this.#wrong(`The file must be ${this.#maxBytes / 1024 / 1024} MB or smaller`);
    this.#wrong('');
    this.#busy(true, `Sending ${file.name}…`);
    try {
      await this.files.send(file);
      this.#form.reset();
      this.#busy(false, `${file.name} was sent.`);
    } catch (error) {
      this.#busy(false, '');
      this.#wrong(error instanceof FileRefused ? error.message : 'The file was not sent. Check your connection and try again');
    }
    await this.refresh();
  }

  async #remove(file: SharedFile): Promise<void> {
    try {
      await this.files.remove(file.id);
      setText(this.#status, `${file.name} was removed.`);
    } catch {
      setText(this.#status, `${file.name} was not removed. Try again.`);
    }
    await this.refresh();
  }

  #busy(busy: boolean, status: string): void {
    for (const button of this.#form.querySelectorAll('button')) button.disabled = busy;
    setText(this.#status, status);
  }

  #wrong(sentence: string): void {
    this.#group.classList.toggle('nhsuk-form-group--error', sentence !== '');
    this.#error.hidden = sentence === '';
    this.#error.replaceChildren(element('span', { class: 'nhsuk-u-visually-hidden' }, 'Error: '), sentence);
    if (sentence !== '') this.#input.focus();
  }
}

function tool(text: string, what: string, id: string, run: () => void): HTMLButtonElement {
  const button = element(
    'button',
    { class: 'nhsuk-button nhsuk-button--secondary nhsuk-button--small', type: 'button', 'data-file': id },
    text,
    element('span', { class: 'nhsuk-u-visually-hidden' }, ` ${what}`),
  );
  button.addEventListener('click', run);
  return button;
}
