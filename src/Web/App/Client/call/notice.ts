import { element } from './dom';
import type { Advice } from './wording';

export interface NoticeAction {
  readonly text: string;
  readonly run: () => void;
}

/** The box that says what went wrong and what to do. One thing at a time: a newer one takes its place. */
export class Notice {
  constructor(private readonly box: HTMLElement) {
    box.setAttribute('role', 'alert');
  }

  show(advice: Advice, ...actions: readonly NoticeAction[]): void {
    const buttons = actions.map(({ text, run }) => {
      const button = element('button', { class: 'nhsuk-button nhsuk-button--secondary nhsuk-button--small', type: 'button' }, text);
      button.addEventListener('click', run);
      return button;
    });
    this.box.replaceChildren(element('h2', { class: 'nhsuk-heading-s' }, advice.heading), element('p', {}, advice.text), ...buttons);
    this.box.hidden = false;
  }

  clear(): void {
    this.box.hidden = true;
    this.box.replaceChildren();
  }
}
