import { part, setText } from './dom';
import type { TelephoneState } from './protocol';

export interface TelephonePicture {
  readonly inCall: boolean;
  readonly state: TelephoneState;
  /** Sound and picture go through as far as this page can tell, and so do messages to the hub. */
  readonly wellConnected: boolean;
}

/** As long as the server waits before it offers the telephone: what it cannot say over a broken connection the page says by itself. */
export const patience = 20_000;

/** Offers the telephone where nothing else is left, and says so while people talk on it. The numbers are in the markup. */
export class Telephone {
  readonly #panel: HTMLElement;
  readonly #heading: HTMLElement;
  readonly #use: HTMLButtonElement;
  readonly #back: HTMLButtonElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The page waited long enough for its own connection. */
  #cutOff = false;
  #picture: TelephonePicture = { inCall: false, state: 'none', wellConnected: true };

  /** Undefined on the page of a guest, who has no number here. */
  static in(root: HTMLElement, choose: (use: boolean) => void): Telephone | undefined {
    return root.querySelector('[data-call="telephone"]') ? new Telephone(root, choose) : undefined;
  }

  private constructor(root: HTMLElement, choose: (use: boolean) => void) {
    this.#panel = part(root, 'telephone', HTMLElement);
    this.#heading = part(root, 'telephone-heading', HTMLElement);
    this.#use = part(root, 'telephone-use', HTMLButtonElement);
    this.#back = part(root, 'telephone-back', HTMLButtonElement);
    this.#use.addEventListener('click', () => choose(true));
    this.#back.addEventListener('click', () => choose(false));
  }

  show(picture: TelephonePicture): void {
    this.#picture = picture;
    if (!picture.inCall || picture.wellConnected) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#cutOff = false;
    } else {
      this.#timer ??= setTimeout(() => {
        this.#cutOff = true;
        this.#render();
      }, patience);
    }
    this.#render();
  }

  #render(): void {
    const { inCall, state } = this.#picture;
    const chosen = state === 'chosen';
    this.#panel.hidden = !inCall || !(chosen || state === 'offered' || this.#cutOff);
    setText(this.#heading, chosen ? 'You are talking by telephone' : 'Sound and picture do not come through');
    const focused = document.activeElement === this.#use || document.activeElement === this.#back;
    this.#use.hidden = chosen;
    this.#back.hidden = !chosen;
    if (focused && !this.#panel.hidden) (chosen ? this.#back : this.#use).focus();
  }
}
