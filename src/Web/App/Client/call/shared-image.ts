import { element, part, setText } from './dom';
import type { Files } from './files';
import { moved, placeIn, throttled, words, type Place } from './pointing';
import type { Pointed, ShownImage } from './protocol';

export interface SharedImageEvents {
  readonly point: (place: Place) => void;
  /** Stops showing it to everybody; undefined for who may not. */
  readonly hide: (() => void) | undefined;
}

/** The hub takes some more; a pointer that moves this often looks smooth. */
const pace = 100;
/** How long a pointer that rests is seen, and after how long it is said where it rests. */
const seenFor = 6_000;
const restsAfter = 900;

const own = 'own';

interface Pointer {
  readonly root: HTMLElement;
  place: Place;
  fade: ReturnType<typeof setTimeout> | undefined;
  rest: ReturnType<typeof setTimeout> | undefined;
  said: string;
}

/** An image that everybody in the call sees, and everybody's pointer on it. It is drawn, never opened as a document. */
export class SharedImage {
  readonly #section: HTMLElement;
  readonly #caption: HTMLElement;
  readonly #surface: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #note: HTMLElement;
  readonly #said: HTMLElement;
  readonly #pointers = new Map<string, Pointer>();
  readonly #send: (place: Place) => void;
  #shown: string | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly files: Files,
    events: SharedImageEvents,
  ) {
    this.#section = part(root, 'image', HTMLElement);
    this.#caption = part(root, 'image-caption', HTMLElement);
    this.#surface = part(root, 'image-surface', HTMLElement);
    this.#canvas = part(root, 'image-canvas', HTMLCanvasElement);
    this.#note = part(root, 'image-note', HTMLElement);
    this.#said = part(root, 'image-said', HTMLElement);
    this.#send = throttled(pace, events.point);
    const { hide } = events;
    if (hide) part(root, 'image-hide', HTMLButtonElement).addEventListener('click', hide);
    const follow = ({ clientX, clientY }: PointerEvent) => {
      const place = placeIn(this.#canvas.getBoundingClientRect(), clientX, clientY);
      if (place) this.#point(place);
    };
    this.#surface.addEventListener('pointermove', follow);
    this.#surface.addEventListener('pointerdown', follow);
    this.#surface.addEventListener('keydown', (event) => {
      const place = moved(this.#pointers.get(own)?.place, event);
      if (!place) return;
      event.preventDefault();
      this.#point(place, 'Your pointer is');
    });
  }

  show(image: ShownImage | undefined): void {
    if (this.#shown === image?.fileId) return;
    const before = this.#section.contains(document.activeElement);
    this.#shown = image?.fileId;
    this.#section.hidden = image === undefined;
    this.root.toggleAttribute('data-image', image !== undefined);
    for (const id of [...this.#pointers.keys()]) this.#drop(id);
    this.#canvas.width = this.#canvas.height = 0;
    if (!image) {
      setText(this.#said, '');
      if (before) part(this.root, 'stage', HTMLElement).focus();
      return;
    }
    setText(this.#caption, `${image.by} shows ${image.name}`);
    this.#surface.setAttribute('aria-label', `${image.name}, shown by ${image.by}. Point with the arrow keys.`);
    setText(this.#note, 'The photo is coming…');
    this.#note.hidden = false;
    void this.#draw(image);
  }

  /** Somebody else points. */
  pointed({ participantId, name, x, y }: Pointed): void {
    if (this.#shown !== undefined) this.#move(participantId, name, { x, y }, `${name} points at`);
  }

  async #draw(image: ShownImage): Promise<void> {
    try {
      const picture = await createImageBitmap(await this.files.content(image.fileId));
      if (this.#shown !== image.fileId) return;
      this.#canvas.width = picture.width;
      this.#canvas.height = picture.height;
      this.#canvas.getContext('2d')?.drawImage(picture, 0, 0);
      picture.close();
      this.#note.hidden = true;
    } catch {
      if (this.#shown === image.fileId) setText(this.#note, 'This photo cannot be shown here. Check your connection, then load the page again.');
    }
  }

  #point(place: Place, said?: string): void {
    if (!this.#note.hidden) return;
    this.#move(own, 'You', place, said);
    this.#send(place);
  }

  /** @param said how the sentence begins that says where the pointer rests; undefined for who sees it. */
  #move(id: string, name: string, place: Place, said?: string): void {
    let pointer = this.#pointers.get(id);
    if (!pointer) {
      const root = element('span', { class: `app-call__pointer${id === own ? ' app-call__pointer--own' : ''}`, 'aria-hidden': 'true' }, element('span', { class: 'app-call__pointer-name' }, name));
      this.#surface.append(root);
      pointer = { root, place, fade: undefined, rest: undefined, said: '' };
      this.#pointers.set(id, pointer);
    }
    pointer.place = place;
    pointer.root.hidden = false;
    pointer.root.style.left = `${place.x * 100}%`;
    pointer.root.style.top = `${place.y * 100}%`;
    pointer.root.classList.toggle('app-call__pointer--right', place.x > 2 / 3);
    clearTimeout(pointer.fade);
    clearTimeout(pointer.rest);
    const { root } = pointer;
    pointer.fade = setTimeout(() => (root.hidden = true), seenFor);
    if (said === undefined) return;
    const moving = pointer;
    pointer.rest = setTimeout(() => {
      const sentence = `${said} ${id === own ? 'at ' : ''}the ${words(moving.place)} of the photo.`;
      if (moving.said === sentence) return;
      moving.said = sentence;
      setText(this.#said, sentence);
    }, restsAfter);
  }

  #drop(id: string): void {
    const pointer = this.#pointers.get(id);
    if (!pointer) return;
    clearTimeout(pointer.fade);
    clearTimeout(pointer.rest);
    pointer.root.remove();
    this.#pointers.delete(id);
  }
}
