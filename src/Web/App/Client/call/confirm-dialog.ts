import { element, setText } from './dom';

/** Asks before something that cannot simply be undone. One question at a time. */
export class ConfirmDialog {
  readonly #heading = element('h2', { class: 'nhsuk-heading-m', id: 'confirm-heading' });
  readonly #text = element('p');
  readonly #yes = element('button', { class: 'nhsuk-button nhsuk-button--warning', type: 'button' });
  readonly #dialog: HTMLDialogElement;
  #run: (() => void) | undefined;

  constructor(parent: HTMLElement) {
    const no = element('button', { class: 'nhsuk-button nhsuk-button--secondary', type: 'button', autofocus: '' }, 'Cancel');
    this.#dialog = element(
      'dialog',
      { class: 'app-call__dialog', 'aria-labelledby': 'confirm-heading' },
      this.#heading,
      this.#text,
      element('div', { class: 'nhsuk-button-group' }, this.#yes, no),
    );
    parent.append(this.#dialog);
    no.addEventListener('click', () => this.#dialog.close());
    this.#yes.addEventListener('click', () => {
      this.#dialog.close();
      this.#run?.();
    });
  }

  ask({ heading, text, yes }: { readonly heading: string; readonly text: string; readonly yes: string }, run: () => void): void {
    setText(this.#heading, heading);
    setText(this.#text, text);
    setText(this.#yes, yes);
    this.#run = run;
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}
