import { BackgroundBlur } from './background-blur';
import type { DeviceMenu } from './device-menu';
import { element, setText } from './dom';
import { shortcuts } from './shortcuts';

export interface MoreActions {
  readonly hand: () => void;
  readonly blur: () => void;
  /** The picture that a small window should show; undefined while there is none. */
  readonly picture: () => HTMLVideoElement | undefined;
}

/** What few people need in few calls, behind one button. It offers only what the browser can. */
export class MoreMenu {
  readonly #toggle: HTMLButtonElement;
  readonly #panel: HTMLElement;
  readonly #hand = tool('Raise hand', 'hand');
  readonly #blur = tool('Blur background', 'blur');
  readonly #full = tool('Full screen', 'full-screen');
  readonly #small = tool('Small window', 'small-window');
  readonly #devices: DeviceMenu;

  constructor(
    root: HTMLElement,
    toggle: HTMLButtonElement,
    private readonly actions: MoreActions,
    devices: DeviceMenu,
  ) {
    this.#toggle = toggle;
    this.#devices = devices;
    this.#panel = element('div', { class: 'app-call__more', id: 'more', role: 'group', 'aria-label': 'More' }, this.#hand, this.#blur, this.#full, this.#small, devices.root, keys());
    this.#panel.hidden = true;
    toggle.setAttribute('aria-expanded', 'false');
    toggle.setAttribute('aria-controls', 'more');
    setText(toggle, 'More');
    toggle.parentElement?.append(this.#panel);
    toggle.addEventListener('click', () => this.#open(toggle.getAttribute('aria-expanded') !== 'true'));
    this.#panel.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#close();
    });
    // What was chosen is done: the pictures get their room back.
    for (const chosen of [this.#hand, this.#blur, this.#full, this.#small]) chosen.addEventListener('click', () => this.#close());
    this.#hand.addEventListener('click', actions.hand);
    this.#blur.addEventListener('click', actions.blur);
    this.#blur.hidden = !BackgroundBlur.supported;
    this.#full.hidden = !document.fullscreenEnabled;
    this.#full.addEventListener('click', () => void this.#fullScreen(root));
    document.addEventListener('fullscreenchange', () => setText(this.#full, document.fullscreenElement ? 'Leave full screen' : 'Full screen'));
    this.#small.addEventListener('click', () => void this.#smallWindow());
  }

  /** Whether there is a call, this person's hand is up, and their background blurred. */
  show(shown: { readonly available: boolean; readonly hand: boolean; readonly blur: boolean }): void {
    this.#toggle.hidden = !shown.available;
    if (!shown.available) this.#open(false);
    setText(this.#hand, shown.hand ? 'Lower hand' : 'Raise hand');
    this.#hand.dataset['state'] = shown.hand ? 'sharing' : '';
    setText(this.#blur, shown.blur ? 'Show background' : 'Blur background');
    this.#blur.dataset['state'] = shown.blur ? 'sharing' : '';
    this.#small.hidden = !document.pictureInPictureEnabled || this.actions.picture() === undefined;
  }

  #close(): void {
    this.#open(false);
    this.#toggle.focus();
  }

  #open(open: boolean): void {
    if (open) void this.#devices.refresh();
    this.#panel.hidden = !open;
    this.#toggle.setAttribute('aria-expanded', String(open));
  }

  async #fullScreen(root: HTMLElement): Promise<void> {
    // A browser that refuses has said why by itself.
    await (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(() => undefined);
  }

  async #smallWindow(): Promise<void> {
    await (document.pictureInPictureElement ? document.exitPictureInPicture() : this.actions.picture()?.requestPictureInPicture())?.catch(() => undefined);
  }
}

function tool(text: string, name: string): HTMLButtonElement {
  return element('button', { class: 'app-call__tool', type: 'button', 'data-call': name }, text);
}

function keys(): HTMLElement {
  const rows = shortcuts.flatMap(({ keys, what }) => [element('dt', {}, keys), element('dd', {}, what)]);
  return element('details', { class: 'app-call__keys' }, element('summary', {}, 'Keyboard shortcuts'), element('dl', {}, ...rows));
}
