import { chime } from '../realtime/chime';
import { part } from './dom';

const storageKey = 'waiting-sound';

/** A sound, and a notification where the person allowed it, when it is time. Nothing is asked for on load: a button asks. */
export class WaitingAlerts {
  readonly #sound: HTMLInputElement;
  readonly #notify: HTMLButtonElement;
  readonly #notifyState: HTMLElement;

  constructor(root: HTMLElement) {
    this.#sound = part(root, 'waiting-sound', HTMLInputElement);
    this.#notify = part(root, 'waiting-notify', HTMLButtonElement);
    this.#notifyState = part(root, 'waiting-notify-state', HTMLElement);
    this.#sound.checked = localStorage.getItem(storageKey) !== 'off';
    this.#sound.addEventListener('change', () => localStorage.setItem(storageKey, this.#sound.checked ? 'on' : 'off'));
    part(root, 'waiting-sound-test', HTMLButtonElement).addEventListener('click', chime);
    this.#notify.addEventListener('click', () => void this.#ask());
    this.#showPermission();
  }

  raise(title: string, body: string): void {
    if (this.#sound.checked) chime();
    if (document.visibilityState !== 'hidden' || !('Notification' in window) || Notification.permission !== 'granted') return;
    try {
      const notification = new Notification(title, { body, tag: 'waiting-room' });
      notification.addEventListener('click', () => {
        window.focus();
        notification.close();
      });
    } catch (error) {
      // Chrome on Android has notifications of service workers only.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #ask(): Promise<void> {
    await Notification.requestPermission();
    this.#showPermission();
    if (this.#notify.hidden) this.#notifyState.focus();
  }

  #showPermission(): void {
    const permission = 'Notification' in window ? Notification.permission : 'missing';
    this.#notify.hidden = permission !== 'default';
    this.#notifyState.textContent =
      permission === 'granted'
        ? 'If you look at another tab or app, you get a notification when it is your turn.'
        : permission === 'denied'
          ? 'Notifications are blocked in your browser. You can still hear the sound.'
          : '';
  }
}
