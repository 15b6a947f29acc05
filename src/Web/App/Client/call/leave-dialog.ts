import { element } from './dom';

/** Asks before leaving, so that a slip of the finger ends no call. */
export class LeaveDialog {
  readonly #dialog: HTMLDialogElement;

  constructor(parent: HTMLElement, leave: () => void) {
    const confirm = element('button', { class: 'nhsuk-button nhsuk-button--warning', type: 'button' }, 'Leave the call');
    const stay = element('button', { class: 'nhsuk-button nhsuk-button--secondary', type: 'button', autofocus: '' }, 'Stay');
    this.#dialog = element(
      'dialog',
      { class: 'app-call__dialog', 'aria-labelledby': 'leave-heading' },
      element('h2', { class: 'nhsuk-heading-m', id: 'leave-heading' }, 'Do you want to leave the call?'),
      element('p', {}, 'You can come back by joining again while the appointment lasts.'),
      element('div', { class: 'nhsuk-button-group' }, confirm, stay),
    );
    parent.append(this.#dialog);
    stay.addEventListener('click', () => this.#dialog.close());
    confirm.addEventListener('click', () => {
      this.#dialog.close();
      leave();
    });
  }

  open(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}
